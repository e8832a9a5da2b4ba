//! What becomes of what a visitor brings at once. Pure: places in the list of files, and no bytes.

use fovea_shared::image::Format;

use super::kind::{Foreign, Kind};

/// A file that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Whether it is larger than what is read.
    pub too_large: bool,
}

/// What was brought besides files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Names of folders.
    pub folders: Vec<String>,
    /// Whether an address is among it.
    pub link: bool,
    /// Whether text is.
    pub text: bool,
    /// Whether files were chosen as gaze.
    pub as_gaze: bool,
}

/// What is taken; numbers are places in the list of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// A picture to open.
    Picture(usize),
    /// Gaze on the picture that is open, or on its way; of several files the one that fits.
    Gaze(Vec<usize>),
    /// A picture, and its gaze once it is shown.
    PictureAndGaze(usize, Vec<usize>),
    /// Glances of lessons.
    Glances(Vec<usize>),
    /// Files or folders of which none can be taken.
    Refused,
    /// An address in place of a picture.
    Link,
    /// Text in place of a picture.
    Text,
    /// Nothing at all.
    Nothing,
}

/// What is left, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// One picture is opened at a time.
    Picture(String),
    /// A mask, by its name.
    Mask(String),
    /// A picture or gaze that came with glances of lessons.
    BesideGlances(String),
    /// A folder.
    Folder(String),
    /// Larger than what is read.
    TooLarge(String),
    /// A format that cannot be opened here.
    Foreign(String, Foreign),
}

/// Sorts what came at once: the first picture and all gaze are taken, the rest is left with a reason.
/// Where glances of lessons are among it, they alone are taken.
pub fn sort(files: &[Found], beside: &Beside) -> (Incoming, Vec<Left>) {
    let (mut pictures, mut unknown, mut gaze, mut left) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut glances = Vec::new();
    for (place, file) in files.iter().enumerate() {
        let name = || file.name.clone();
        match file.kind {
            // What was chosen as gaze and is some text is read as such, and refused with its line.
            Kind::Foreign(Foreign::Format(Format::Text)) if beside.as_gaze => gaze.push(place),
            Kind::Foreign(found) => left.push(Left::Foreign(name(), found)),
            _ if file.too_large => left.push(Left::TooLarge(name())),
            Kind::Glances => glances.push(place),
            Kind::Gaze => gaze.push(place),
            Kind::Unknown if beside.as_gaze => gaze.push(place),
            Kind::Picture | Kind::Dicom => pictures.push(place),
            Kind::Unknown => unknown.push(place),
        }
    }
    pictures.extend(unknown);
    if !glances.is_empty() {
        left.extend(pictures.into_iter().chain(gaze).map(|place| Left::BesideGlances(files[place].name.clone())));
        left.extend(beside.folders.iter().cloned().map(Left::Folder));
        return (Incoming::Glances(glances), left);
    }
    let named = |place: &&usize| is_mask(&files[**place].name);
    // A mask by itself is a picture as any other.
    let chosen = pictures.iter().find(|place| !named(place)).or(pictures.first()).copied();
    for place in pictures.iter().filter(|place| Some(**place) != chosen) {
        let name = files[*place].name.clone();
        left.push(if named(&place) { Left::Mask(name) } else { Left::Picture(name) });
    }
    left.extend(beside.folders.iter().cloned().map(Left::Folder));
    let incoming = match (chosen, gaze.is_empty()) {
        (Some(picture), true) => Incoming::Picture(picture),
        (Some(picture), false) => Incoming::PictureAndGaze(picture, gaze),
        (None, false) => Incoming::Gaze(gaze),
        (None, true) if !left.is_empty() => Incoming::Refused,
        (None, true) if beside.link => Incoming::Link,
        (None, true) if beside.text => Incoming::Text,
        (None, true) => Incoming::Nothing,
    };
    (incoming, left)
}

/// Whether a name says that this is a mask of another picture.
fn is_mask(name: &str) -> bool {
    const WORDS: [&str; 9] =
        ["mask", "masks", "seg", "segmentation", "label", "labels", "gt", "groundtruth", "annotation"];
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    stem.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, kind: Kind) -> Found {
        Found { name: name.into(), kind, too_large: false }
    }

    fn sorted(files: &[(&str, Kind)]) -> (Incoming, Vec<Left>) {
        let files: Vec<Found> = files.iter().map(|(name, kind)| file(name, *kind)).collect();
        sort(&files, &Beside::default())
    }

    #[test]
    fn the_first_picture_opens_and_the_others_are_named() {
        use Kind::Picture;
        let many: Vec<(String, Kind)> = (0..50).map(|i| (format!("{i}.jpg"), Picture)).collect();
        let many: Vec<(&str, Kind)> = many.iter().map(|(name, kind)| (name.as_str(), *kind)).collect();
        let (incoming, left) = sorted(&many);
        assert_eq!((incoming, left.len()), (Incoming::Picture(0), 49));
        assert_eq!(left[0], Left::Picture("1.jpg".into()));
    }

    #[test]
    fn a_picture_and_its_gaze_are_both_taken_in_either_order() {
        use Kind::{Gaze, Picture};
        assert_eq!(sorted(&[("a.jpg", Picture), ("a.csv", Gaze)]).0, Incoming::PictureAndGaze(0, vec![1]));
        assert_eq!(sorted(&[("a.csv", Gaze), ("a.jpg", Picture)]).0, Incoming::PictureAndGaze(1, vec![0]));
        assert_eq!(sorted(&[("a.csv", Gaze), ("b.csv", Gaze)]), (Incoming::Gaze(vec![0, 1]), vec![]));
    }

    #[test]
    fn dicom_opens_as_any_picture_does() {
        use Kind::{Dicom, Gaze, Picture};
        let series: Vec<(String, Kind)> = (1..25).map(|i| (format!("IM{i}"), Dicom)).collect();
        let series: Vec<(&str, Kind)> = series.iter().map(|(name, kind)| (name.as_str(), *kind)).collect();
        let (incoming, left) = sorted(&series);
        assert_eq!((incoming, left.len()), (Incoming::Picture(0), 23));
        assert_eq!(left[0], Left::Picture("IM2".into()));
        let (incoming, left) = sorted(&[("IM1_seg.dcm", Dicom), ("IM1.csv", Gaze), ("IM1.dcm", Dicom)]);
        assert_eq!((incoming, left), (Incoming::PictureAndGaze(2, vec![1]), vec![Left::Mask("IM1_seg.dcm".into())]));
        assert_eq!(sorted(&[("a.jpg", Picture), ("b.dcm", Dicom)]).0, Incoming::Picture(0));
        let large = Found { too_large: true, ..file("a.dcm", Dicom) };
        assert_eq!(sort(&[large], &Beside::default()).1, [Left::TooLarge("a.dcm".into())]);
    }

    #[test]
    fn a_mask_beside_its_picture_is_left_and_one_alone_opens() {
        use Kind::Picture;
        let (incoming, left) = sorted(&[("a_mask.png", Picture), ("a.jpg", Picture)]);
        assert_eq!((incoming, left), (Incoming::Picture(1), vec![Left::Mask("a_mask.png".into())]));
        assert_eq!(sorted(&[("a_mask.png", Picture)]), (Incoming::Picture(0), vec![]));
        assert!(!is_mask("masked-man.jpg") && is_mask("polyp 7.GT.png") && is_mask("x-Segmentation.png"));
    }

    #[test]
    fn what_cannot_be_taken_keeps_the_rest_from_nothing() {
        let [volume, empty] = [Format::Nifti, Format::Empty].map(Foreign::Format);
        let (a, b) = (("a.nii", Kind::Foreign(volume)), ("b.jpg", Kind::Foreign(empty)));
        let (incoming, left) = sorted(&[a, b, ("c.png", Kind::Unknown)]);
        assert_eq!(incoming, Incoming::Picture(2));
        assert_eq!(left, [Left::Foreign("a.nii".into(), volume), Left::Foreign("b.jpg".into(), empty)]);
        assert_eq!(sorted(&[a]).0, Incoming::Refused);
        let large = Found { too_large: true, ..file("a.png", Kind::Picture) };
        assert_eq!(sort(&[large], &Beside::default()), (Incoming::Refused, vec![Left::TooLarge("a.png".into())]));
        // A film is called a film, however large it is.
        let video = Foreign::Format(Format::Video);
        let film = Found { too_large: true, ..file("a.mp4", Kind::Foreign(video)) };
        assert_eq!(sort(&[film], &Beside::default()).1, [Left::Foreign("a.mp4".into(), video)]);
    }

    #[test]
    fn without_a_file_it_is_a_folder_a_link_a_text_or_nothing() {
        let of = |beside: Beside| sort(&[], &beside).0;
        let folders = vec!["images".to_owned()];
        assert_eq!(of(Beside { folders, link: true, ..Beside::default() }), Incoming::Refused);
        assert_eq!(of(Beside { link: true, text: true, ..Beside::default() }), Incoming::Link);
        assert_eq!(of(Beside { text: true, ..Beside::default() }), Incoming::Text);
        assert_eq!(of(Beside::default()), Incoming::Nothing);
    }

    #[test]
    fn glances_of_lessons_are_taken_alone() {
        use Kind::{Gaze, Glances, Picture};
        assert_eq!(sorted(&[("a.json", Glances), ("b.json", Glances)]), (Incoming::Glances(vec![0, 1]), vec![]));
        let (incoming, left) = sorted(&[("a.jpg", Picture), ("b.json", Glances), ("c.csv", Gaze)]);
        assert_eq!(incoming, Incoming::Glances(vec![1]));
        assert_eq!(left, [Left::BesideGlances("a.jpg".into()), Left::BesideGlances("c.csv".into())]);
    }

    #[test]
    fn what_was_chosen_as_gaze_is_read_as_gaze() {
        let beside = Beside { as_gaze: true, ..Beside::default() };
        for kind in [Kind::Gaze, Kind::Unknown, Kind::Foreign(Foreign::Format(Format::Text))] {
            assert_eq!(sort(&[file("gaze.dat", kind)], &beside).0, Incoming::Gaze(vec![0]), "{kind:?}");
        }
    }
}
