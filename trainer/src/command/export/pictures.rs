//! Real pictures in a bundle's gallery: scaled, compressed, with simulated gaze and with what their
//! licences ask to be said.
//!
//! Recorded gaze is never read here: it must not ship.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use anyhow::{Context, Result, bail, ensure};
use fovea_shared::{
    bundle::{Attribution, CaseDescription, GalleryCase},
    description::{Description, Modality, measured::measure},
    gaze::{Observer, Scanpath, simulate, simulate_slice, write_csv},
    image::{RgbImage, mask_png, resize_plane},
    plane::Mask,
    pseudo_mask::{PseudoMaskParams, pseudo_masks},
};

use super::{
    gallery::{at_most, jpeg_within},
    list::{Files, ListedCase, PictureList, Source},
};
use crate::{
    data::{Case, Dataset, GazeOrigin, MaskFile, simulate::image_seed, splits},
    describe::llava,
};

/// Longest side of a picture, in pixels.
const SIDE: u32 = 512;
/// Most bytes of a picture.
const BYTES: usize = 35_000;

/// Adds the pictures of a list to a bundle of this domain.
///
/// # Errors
/// A list of another domain, a picture that is not among the test images of its data set, a file that cannot be read.
pub(super) fn add_pictures(
    files: &mut BTreeMap<String, Vec<u8>>,
    domain: Modality,
    list: &PictureList,
) -> Result<Vec<GalleryCase>> {
    ensure!(
        list.domain == domain,
        "the pictures show a {}, and the heads have learnt from images of a {}",
        list.domain.noun(),
        domain.noun()
    );
    let mut added = Vec::new();
    for source in &list.sources {
        let answers = source.answers.as_deref().map(|path| {
            let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
            let rows = llava::import(&text).with_context(|| format!("{}", path.display()))?;
            Ok::<BTreeMap<_, _>, anyhow::Error>(rows.into_iter().map(|row| (row.id, row.description)).collect())
        });
        let mut answers = answers.transpose()?.unwrap_or_default();
        for (listed, case) in opened(source, domain)? {
            let said = match &source.answers {
                Some(path) => Some(
                    answers
                        .remove(&listed.id)
                        .with_context(|| format!("{} has no answer about `{}`", path.display(), listed.id))?,
                ),
                None => None,
            };
            let picture = Picture { source, listed, case, domain, number: added.len() + 1, seed: list.seed, said };
            added.push(picture.add(files).with_context(|| format!("the picture `{}`", listed.id))?);
        }
    }
    Ok(added)
}

/// What a line of [`notices`] begins with.
const NOTICE: &str = "Pictures of the gallery from ";

/// Whether a line of a manifest is one of [`notices`].
pub(super) fn is_notice(line: &str) -> bool {
    line.starts_with(NOTICE)
}

/// One line for the manifest's notices a source, with the ids of its pictures.
pub(super) fn notices(list: &PictureList) -> impl Iterator<Item = String> {
    list.sources.iter().map(|source| {
        let ids: Vec<&str> = source.cases.iter().map(|case| case.id.as_str()).collect();
        let chosen = source.chosen.as_ref().map(|chosen| format!(" {chosen}")).unwrap_or_default();
        format!(
            "{NOTICE}{}: {}, {}, {}. Changed as each picture says; gaze, where there is any, is simulated from the \
             masks.{chosen} {}.",
            source.name,
            source.authors,
            source.licence,
            source.link,
            ids.join(", ")
        )
    })
}

/// The cases of a source with their files.
fn opened(source: &Source, domain: Modality) -> Result<Vec<(&ListedCase, Case)>> {
    match &source.files {
        Files::Dataset { folder, split } => {
            let dataset = Dataset::open(folder)?;
            let shown = dataset.modality()?;
            ensure!(
                shown == domain,
                "{} shows images of a {}, not of a {}",
                folder.display(),
                shown.noun(),
                domain.noun()
            );
            let test: BTreeSet<String> = splits::split(&dataset, split, 0.0, 0)?.test.into_iter().collect();
            let case = |id: &str| {
                ensure!(
                    test.contains(id),
                    "`{id}` is not a test image of the split `{split}` in {}: only images that no head has learnt from \
                     may be shown",
                    folder.display()
                );
                let case = dataset.case(id).with_context(|| format!("{} has no image `{id}`", folder.display()))?;
                Ok(case.clone())
            };
            source.cases.iter().map(|listed| Ok((listed, case(&listed.id)?))).collect()
        }
        Files::Named => {
            let case = |listed: &ListedCase| -> Result<Case> {
                let image = listed.image.clone().context("a list was read without the image of a case")?;
                Ok(Case {
                    id: listed.id.clone(),
                    image,
                    mask: listed.mask.clone().map(MaskFile::Picture),
                    gaze: None,
                    origin: GazeOrigin::Simulated,
                    modality: Some(domain),
                })
            };
            source.cases.iter().map(|listed| Ok((listed, case(listed)?))).collect()
        }
    }
}

/// One picture on its way into the gallery.
struct Picture<'a> {
    source: &'a Source,
    listed: &'a ListedCase,
    case: Case,
    /// What it shows.
    domain: Modality,
    /// Its place among the pictures, from 1.
    number: usize,
    /// Seed of the simulated gaze.
    seed: u64,
    /// LLaVA's answer about it.
    said: Option<Description>,
}

impl Picture<'_> {
    fn add(self, files: &mut BTreeMap<String, Vec<u8>>) -> Result<GalleryCase> {
        let ListedCase { id, riddle, purpose, .. } = self.listed;
        let domain = self.domain;
        let whole = self.case.load_image()?;
        let small = at_most(&whole, SIDE);
        let (bytes, quality) = jpeg_within(&small, BYTES)?;
        let image = format!("gallery/{id}.jpg");
        files.insert(image.clone(), bytes);
        let mask = self.mask(&whole, &small)?;
        let gaze = mask.as_ref().map(|mask| self.simulated_gaze(mask));
        let mut descriptions = Vec::new();
        if let Some(gaze) = &gaze {
            let masks = pseudo_masks(&small, gaze, &PseudoMaskParams::of(domain));
            descriptions.push(CaseDescription { description: measure(&small, &masks.broad, domain), caveat: None });
        }
        if let Some(description) = &self.said {
            let caveat = Some(llava::CAVEAT.into());
            descriptions.push(CaseDescription { description: description.clone(), caveat });
        }
        let attribution = Some(self.attribution(&whole, &small, quality, mask.is_some()));
        let mask = mask.map(|mask| Ok::<_, anyhow::Error>((format!("gallery/{id}-mask.png"), mask_png(&mask)?)));
        let gaze = gaze.map(|gaze| {
            let rows = BTreeMap::from([(id.clone(), (gaze, small.dimensions()))]);
            (format!("gallery/{id}-gaze.csv"), write_csv(&rows).into_bytes())
        });
        let mut keep = |file: Option<(String, Vec<u8>)>| {
            file.map(|(name, bytes)| {
                files.insert(name.clone(), bytes);
                name
            })
        };
        let number = self.number;
        Ok(GalleryCase {
            id: id.clone(),
            title: riddle.clone().unwrap_or_else(|| format!("{} {number}", capital(domain.noun()))),
            riddle: riddle.clone(),
            purpose: *purpose,
            image,
            mask: keep(mask.transpose()?),
            gaze_source: gaze.as_ref().map(|_| "simulated".into()),
            gaze: keep(gaze),
            origin: self.source.name.clone(),
            attribution,
            descriptions,
        })
    }

    /// The mask at the size of the shipped picture, where there is one that may ship.
    fn mask(&self, whole: &RgbImage, small: &RgbImage) -> Result<Option<Mask>> {
        if self.case.mask.is_none() {
            return Ok(None);
        }
        let [width, height] = [whole.width(), whole.height()].map(|side| side as usize);
        let mask = self.case.load_mask(width, height)?;
        if mask.is_empty() {
            bail!("its mask is empty, so there is nothing to look at");
        }
        let [width, height] = [small.width(), small.height()].map(|side| side as usize);
        Ok(Some(resize_plane(&mask.to_plane(), width, height).at_least(0.5)))
    }

    /// A look at the picture, drawn from its mask.
    fn simulated_gaze(&self, mask: &Mask) -> Scanpath {
        let seed = image_seed(self.seed, &self.listed.id);
        match self.domain {
            Modality::Prostate => simulate_slice(mask, Observer::EyeTracker, seed),
            Modality::Polyp | Modality::SkinLesion => simulate(mask, Observer::EyeTracker, seed),
        }
    }

    fn attribution(&self, whole: &RgbImage, small: &RgbImage, quality: u8, masked: bool) -> Attribution {
        let Source { name, authors, licence, link, changed, .. } = self.source;
        let size = |image: &RgbImage| format!("{} x {}", image.width(), image.height());
        let mut done: Vec<String> = changed.iter().cloned().collect();
        if small.dimensions() != whole.dimensions() {
            let also = if masked { ", the mask with it" } else { "" };
            done.push(format!("scaled from {} to {} pixels{also}", size(whole), size(small)));
        }
        done.push(format!("saved as JPEG of quality {quality}"));
        Attribution {
            source: name.clone(),
            authors: authors.clone(),
            licence: licence.clone(),
            link: link.clone(),
            changed: capital(&done.join("; ")),
        }
    }
}

/// A text with a capital at its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use fovea_shared::bundle::Purpose;
    use tempfile::TempDir;

    use super::*;
    use crate::data_fixture as fixture;

    const TERMS: &str = "authors = \"A et al., 2020\"\nlicence = \"CC BY 4.0\"\nlink = \"https://doi.org/10/x\"\n";

    /// A data set with recorded gaze on `a` and `b`, of which `b` is tested with; the image of `b`
    /// is larger than what ships.
    fn lab() -> TempDir {
        let lab = TempDir::new().unwrap();
        let data = lab.path().join("data");
        fixture::write(&data, &["a", "b"]);
        fs::write(data.join("splits/x-train.txt"), "a\n").unwrap();
        fs::write(data.join("splits/x-test.txt"), "b\n").unwrap();
        let noise = |x: u32, y: u32| ((x * 7919 + y * 104_729) % 251) as u8;
        let image = RgbImage::from_fn(1024, 640, |x, y| [noise(x, y), noise(y, x), noise(x + y, y)].into());
        image.save(data.join("images/b.png")).unwrap();
        let inside = |x: u32, y: u32| (300..500).contains(&x) && (200..400).contains(&y);
        let mask = RgbImage::from_fn(1024, 640, |x, y| [if inside(x, y) { 255 } else { 0 }; 3].into());
        mask.save(data.join("masks/b.png")).unwrap();
        lab
    }

    /// The cases that a list gives, and the files.
    type Added = (Vec<GalleryCase>, BTreeMap<String, Vec<u8>>);

    fn add(lab: &Path, domain: Modality, text: &str) -> Result<Added> {
        let file = lab.join("list.toml");
        fs::write(&file, format!("domain = \"polyp\"\nseed = 7\n[[source]]\nname = \"N\"\n{TERMS}{text}")).unwrap();
        let list = PictureList::read(&file)?;
        let mut files = BTreeMap::new();
        let cases = add_pictures(&mut files, domain, &list)?;
        assert!(notices(&list).next().unwrap().contains("N: A et al., 2020, CC BY 4.0, https://doi.org/10/x."));
        Ok((cases, files))
    }

    #[test]
    fn a_test_image_ships_small_with_its_terms_and_a_look_of_our_own() {
        let lab = lab();
        let case = "data = \"data\"\nsplit = \"x\"\n[[source.case]]\nid = \"b\"\nriddle = \"Two at once\"\npurpose \
                    = \"examine\"\n";
        let (cases, files) = add(lab.path(), Modality::Polyp, case).unwrap();
        let [case] = &cases[..] else { panic!("one picture") };
        let said = case.attribution.as_ref().unwrap();
        assert_eq!((said.source.as_str(), said.licence.as_str()), ("N", "CC BY 4.0"));
        assert!(
            said.changed
                .starts_with("Scaled from 1024 x 640 to 512 x 320 pixels, the mask with it; saved as JPEG of quality"),
            "{}",
            said.changed
        );
        assert_eq!((case.title.as_str(), case.riddle.as_deref()), ("Two at once", Some("Two at once")));
        assert_eq!((case.purpose, case.origin.as_str(), case.is_phantom()), (Some(Purpose::Examine), "N", false));
        let picture = &files["gallery/b.jpg"];
        assert!(picture.len() <= BYTES, "{} bytes", picture.len());
        assert_eq!(fovea_shared::image::decode(picture).unwrap().dimensions(), (512, 320));
        let mask = fovea_shared::image::decode(&files["gallery/b-mask.png"]).unwrap();
        assert_eq!(mask.dimensions(), (512, 320));
        assert_eq!(mask.pixels().filter(|p| p.0[0] > 127).count(), 100 * 100);
        // The recorded gaze has two fixations; what ships is simulated, and the same for the same seed.
        assert_eq!(case.gaze_source.as_deref(), Some("simulated"));
        let gaze = fovea_shared::gaze::parse_csv(std::str::from_utf8(&files["gallery/b-gaze.csv"]).unwrap()).unwrap();
        assert!(gaze["b"].fixations.len() >= 25);
        assert_eq!(case.descriptions.len(), 1);
        let again = "data = \"data\"\nsplit = \"x\"\n[[source.case]]\nid = \"b\"\n";
        let (cases, same) = add(lab.path(), Modality::Polyp, again).unwrap();
        assert_eq!((same == files, cases[0].title.as_str()), (true, "Polyp 1"));
    }

    #[test]
    fn without_a_mask_there_is_no_gaze_and_nothing_is_said() {
        let lab = lab();
        let case = "folder = \"data\"\n[[source.case]]\nid = \"slice-3\"\nimage = \"images/a.png\"\n";
        let (cases, files) = add(lab.path(), Modality::Polyp, case).unwrap();
        assert_eq!(files.keys().collect::<Vec<_>>(), ["gallery/slice-3.jpg"]);
        let case = &cases[0];
        assert_eq!((&case.mask, &case.gaze, &case.gaze_source, case.descriptions.len()), (&None, &None, &None, 0));
        assert_eq!(case.attribution.as_ref().unwrap().changed, "Saved as JPEG of quality 92");
    }

    #[test]
    fn what_may_not_be_shown_is_refused() {
        let lab = lab();
        let fails = |domain, text: &str| format!("{:#}", add(lab.path(), domain, text).unwrap_err());
        let of = |id: &str| format!("data = \"data\"\nsplit = \"x\"\n[[source.case]]\nid = \"{id}\"\n");
        assert!(fails(Modality::Polyp, &of("a")).contains("`a` is not a test image"));
        assert!(fails(Modality::Polyp, &of("z")).contains("`z` is not a test image"));
        assert!(fails(Modality::Prostate, &of("b")).contains("the pictures show a polyp"));
        let answers = "data = \"data\"\nsplit = \"x\"\nanswers = \"none.csv\"\n[[source.case]]\nid = \"b\"\n";
        assert!(fails(Modality::Polyp, answers).contains("none.csv"));
    }
}
