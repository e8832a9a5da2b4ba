//! The list of the real pictures of a gallery: a TOML file that says which, whose they are and on what terms.
//!
//! ```toml
//! domain = "polyp"
//! seed = 1                                  # of the simulated gaze
//!
//! [[source]]
//! name = "HyperKvasir"
//! authors = "..."
//! licence = "CC BY 4.0"
//! link = "https://doi.org/..."
//! data = "../../shared/data/kvasir-seg"     # a data set: only test images of `split` may be listed
//! split = "gaze"
//! chosen = "Those on which a look changes most." # how they were chosen; may be left out
//! answers = "../../shared/data/kvasir-seg/text/llava.csv"
//!
//! [[source.case]]
//! id = "cju7bd1qu1mx409877xjxibox"
//! riddle = "An easy one"
//! purpose = "teach"                         # or "examine"; may be left out
//! ```
//! In place of `data` a source may name a `folder`; its cases then name their `image`, and their
//! `mask` where it may ship, below it. Paths are relative to the file.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use fovea_shared::{bundle::Purpose, description::Modality};
use serde::Deserialize;

use crate::data::text;

/// A list of pictures.
#[derive(Debug)]
pub(super) struct PictureList {
    /// What they show.
    pub(super) domain: Modality,
    /// Seed of the simulated gaze.
    pub(super) seed: u64,
    /// The sources, each with its pictures, in the order of the gallery.
    pub(super) sources: Vec<Source>,
}

/// Pictures of one work.
#[derive(Debug)]
pub(super) struct Source {
    /// The work's name.
    pub(super) name: String,
    /// Who made it, with the publication.
    pub(super) authors: String,
    /// The licence's short name.
    pub(super) licence: String,
    /// Where the work is found.
    pub(super) link: String,
    /// What was done to the pictures before they came here, as the beginning of a sentence.
    pub(super) changed: Option<String>,
    /// How the pictures were chosen, as a sentence.
    pub(super) chosen: Option<String>,
    /// Where the files are.
    pub(super) files: Files,
    /// LLaVA's published answers about these pictures.
    pub(super) answers: Option<PathBuf>,
    /// The pictures.
    pub(super) cases: Vec<ListedCase>,
}

/// Where the files of a source are.
#[derive(Debug)]
pub(super) enum Files {
    /// In a data set, of whose split only test images may be taken.
    Dataset {
        /// The data set's folder.
        folder: PathBuf,
        /// The split.
        split: String,
    },
    /// Each where its case says.
    Named,
}

/// One picture.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedCase {
    /// Its id in the data set, and in addresses.
    pub(super) id: String,
    /// What makes it worth a look.
    pub(super) riddle: Option<String>,
    /// What it is kept for.
    pub(super) purpose: Option<Purpose>,
    /// The image, where it is in no data set.
    pub(super) image: Option<PathBuf>,
    /// The mask, where it is in no data set and may ship.
    pub(super) mask: Option<PathBuf>,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    domain: Modality,
    #[serde(default = "one")]
    seed: u64,
    source: Vec<FileSource>,
}

fn one() -> u64 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSource {
    name: String,
    authors: String,
    licence: String,
    link: String,
    changed: Option<String>,
    chosen: Option<String>,
    data: Option<PathBuf>,
    split: Option<String>,
    folder: Option<PathBuf>,
    answers: Option<PathBuf>,
    case: Vec<ListedCase>,
}

impl PictureList {
    /// Reads the file.
    ///
    /// # Errors
    /// A file that cannot be read, a wrong key or value with its line, a picture that is listed
    /// twice, a source without terms.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = text::read(path).with_context(|| format!("the list of pictures {}", path.display()))?;
        Self::parse(&text, path.parent().unwrap_or(Path::new("")))
            .with_context(|| format!("the list of pictures {}", path.display()))
    }

    fn parse(text: &str, root: &Path) -> Result<Self> {
        let File { domain, seed, source } = toml::from_str(text)?;
        let sources = source.into_iter().map(|source| source.placed(root)).collect::<Result<Vec<_>>>()?;
        let mut ids = BTreeSet::new();
        for case in sources.iter().flat_map(|source| &source.cases) {
            let usable = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            ensure!(
                !case.id.is_empty() && case.id.chars().all(usable),
                "`{}` cannot be an id in an address: use letters, digits, - and _",
                case.id
            );
            ensure!(ids.insert(&case.id), "`{}` is listed twice", case.id);
        }
        Ok(Self { domain, seed, sources })
    }
}

impl FileSource {
    /// The source with its paths below `root`.
    fn placed(self, root: &Path) -> Result<Source> {
        let Self { name, authors, licence, link, changed, chosen, data, split, folder, answers, mut case } = self;
        let terms = [&name, &authors, &licence].iter().all(|said| !said.trim().is_empty());
        ensure!(terms, "a source must say `name`, `authors` and `licence`: `{name}` does not");
        ensure!(link.starts_with("https://"), "`link` of `{name}` must begin with https://, not `{link}`");
        let files = match (data, split, folder) {
            (Some(data), Some(split), None) => {
                if let Some(own) = case.iter().find(|case| case.image.is_some() || case.mask.is_some()) {
                    bail!("`{}` names files of its own, and `{name}` is a data set, which has them", own.id);
                }
                Files::Dataset { folder: root.join(data), split }
            }
            (None, None, Some(folder)) => {
                let folder = root.join(folder);
                for case in &mut case {
                    let image = case.image.take().with_context(|| format!("`{}` names no `image`", case.id))?;
                    case.image = Some(folder.join(image));
                    case.mask = case.mask.take().map(|mask| folder.join(mask));
                }
                Files::Named
            }
            _ => bail!("`{name}` must name either `data` with its `split`, or a `folder`"),
        };
        let answers = answers.map(|answers| root.join(answers));
        Ok(Source { name, authors, licence, link, changed, chosen, files, answers, cases: case })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::bundle::Manifest;
    use std::{collections::BTreeMap, fs};

    const HEAD: &str = "domain = \"prostate\"\n[[source]]\nname = \"N\"\nauthors = \"A\"\nlicence = \"CC BY \
                        3.0\"\nlink = \"https://l\"\n";

    fn fails(text: &str) -> String {
        format!("{:#}", PictureList::parse(text, Path::new("/lists")).unwrap_err())
    }

    #[test]
    fn paths_are_those_of_the_list_and_cases_keep_their_order() {
        let cases = "[[source.case]]\nid = \"b_1\"\nimage = \"x/b.dcm\"\nmask = \"b.png\"\nriddle = \"Two at \
                     once\"\npurpose = \"examine\"\n\
                     [[source.case]]\nid = \"a\"\nimage = \"a.dcm\"\n";
        let list = PictureList::parse(&format!("{HEAD}folder = \"../data\"\n{cases}"), Path::new("/lists")).unwrap();
        let [source] = &list.sources[..] else { panic!("one source") };
        let [first, second] = &source.cases[..] else { panic!("two cases") };
        assert_eq!((list.domain, list.seed, first.id.as_str()), (Modality::Prostate, 1, "b_1"));
        assert_eq!(first.image.as_deref(), Some(Path::new("/lists/../data/x/b.dcm")));
        assert_eq!(first.mask.as_deref(), Some(Path::new("/lists/../data/b.png")));
        assert_eq!((first.purpose, second.purpose, &second.mask), (Some(Purpose::Examine), None, &None));
    }

    #[test]
    fn the_lists_of_the_repository_are_whole_and_notice_names_their_pictures() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let notice = fs::read_to_string(root.join("NOTICE")).unwrap();
        for (domain, least) in [("polyp", 12), ("skin", 10), ("prostate", 6)] {
            let list = PictureList::read(&root.join(format!("grids/gallery-{domain}.toml"))).unwrap();
            let cases: Vec<&ListedCase> = list.sources.iter().flat_map(|source| &source.cases).collect();
            assert!(cases.len() >= least && cases[0].purpose == Some(Purpose::Teach), "{domain}");
            for source in &list.sources {
                assert!(notice.contains(&source.link) && notice.contains(&source.licence), "{}", source.name);
            }
            assert!(cases.iter().all(|case| notice.contains(&case.id)), "NOTICE lacks a picture of {domain}");
        }
    }

    /// A figure of each image by a file of `fovea eval --interact`: the first column less the second, if there is a second.
    fn figures<'a>(table: &'a str, column: &str, less: Option<&str>) -> BTreeMap<&'a str, f64> {
        let mut rows = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let head = rows.next().unwrap();
        let place = |name: &str| head.iter().position(|n| *n == name).unwrap();
        let [part, id, column] = ["part", "id", column].map(place);
        let less = less.map(place);
        let value = |row: &[&str], column: usize| row[column].parse::<f64>().unwrap();
        rows.filter(|row| row[part] == "looks")
            .map(|row| (row[id], value(&row, column) - less.map_or(0.0, |less| value(&row, less))))
            .collect()
    }

    /// The shipped list of a domain, and the table of what looks change on its images.
    fn shipped(domain: &str) -> (PictureList, String) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let list = PictureList::read(&root.join(format!("grids/gallery-{domain}.toml"))).unwrap();
        let bundle = fs::read(root.join(format!("www/bundle/{domain}/manifest.json"))).unwrap();
        let manifest = Manifest::parse(&bundle).unwrap();
        let shown = manifest.gallery.iter().filter(|case| !case.is_phantom()).map(|case| &case.id);
        let listed = list.sources.iter().flat_map(|source| &source.cases).map(|case| &case.id);
        assert!(shown.eq(listed), "{domain} ships in another order than its list");
        (list, fs::read_to_string(root.join(format!("results/interact-{domain}-images.csv"))).unwrap())
    }

    /// The pictures of a list that are kept for something, in its order.
    fn kept(list: &PictureList, purpose: Purpose) -> Vec<&str> {
        let cases = list.sources.iter().flat_map(|source| &source.cases);
        cases.filter(|case| case.purpose == Some(purpose)).map(|case| case.id.as_str()).collect()
    }

    #[test]
    fn on_the_polyps_of_the_gallery_one_look_beats_the_student_as_the_list_says() {
        let (list, table) = shipped("polyp");
        let helps = figures(&table, "teacher_1", Some("student"));
        let (taught, mut examined) = (kept(&list, Purpose::Teach), kept(&list, Purpose::Examine));
        // The last one is there for the lesson.
        examined.pop();
        assert_eq!((taught.len(), examined.len()), (8, 8), "the page teaches with eight and examines on eight");
        for part in [taught, examined] {
            let order: Vec<f64> = part.iter().map(|id| helps[id]).collect();
            assert!(order.is_sorted_by(|a, b| a >= b) && order.iter().all(|helps| *helps >= 0.03), "{order:?}");
        }
    }

    #[test]
    fn the_skin_lesions_of_the_gallery_begin_with_those_in_which_a_look_decides() {
        let (list, table) = shipped("skin");
        let gains = figures(&table, "gain_1", None);
        let decides = |id: &&str| gains.get(id).copied().filter(|gain| *gain >= 0.05);
        let order: Vec<Option<f64>> = kept(&list, Purpose::Teach).iter().map(decides).collect();
        // Nothing is less than any number.
        assert!(order.iter().flatten().count() == 2 && order.is_sorted_by(|a, b| a >= b), "{order:?}");
        shipped("prostate");
    }

    #[test]
    fn what_is_missing_or_cannot_be_is_named() {
        let case = "[[source.case]]\nid = \"a\"\n";
        assert!(fails(&format!("{HEAD}{case}")).contains("either `data` with its `split`, or a `folder`"));
        assert!(fails(&format!("{HEAD}data = \"d\"\n{case}")).contains("either `data`"));
        assert!(fails(&format!("{HEAD}folder = \"d\"\n{case}")).contains("`a` names no `image`"));
        let set = format!("{HEAD}data = \"d\"\nsplit = \"s\"\n");
        assert!(fails(&format!("{set}{case}image = \"a.png\"\n")).contains("files of its own"));
        assert!(fails(&format!("{set}{case}{case}")).contains("`a` is listed twice"));
        assert!(fails(&format!("{set}[[source.case]]\nid = \"a b\"\n")).contains("cannot be an id"));
        assert!(fails(&format!("{set}{case}colour = 1\n")).contains("colour"));
        assert!(fails(&format!("{set}{case}purpose = \"show\"\n")).contains("show"));
        assert!(fails(&set.replace("https:", "http:")).contains("missing field `case`"));
        assert!(fails(&format!("{}{case}", set.replace("https:", "http:"))).contains("https://"));
        assert!(fails(&format!("{}{case}", set.replace("CC BY 3.0", " "))).contains("`licence`"));
    }
}
