//! What the names in the documents' commands stand for: small drawn data sets, runs and files, put
//! into the folder of a page.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::fovea::Fovea;
use super::slices;
use crate::{paths, seal};

/// The cases of the drawn MR slices, named as the book names them.
const CASES: [&str; 2] = ["Prostate3T-01-0001", "Prostate3T-01-0002"];

/// Keys of grids whose numbers become 1 here.
const EPOCHS: [&str; 4] = ["label-epochs", "teacher-epochs", "student-epochs", "adapt-epochs"];

/// A name of the documents, and what makes it in a page's folder.
struct Material {
    name: &'static str,
    make: fn(&Scratch, &Path, &str) -> Result<()>,
}

/// In this order, as some are made of others.
const MATERIALS: &[Material] = &[
    Material { name: "DATA", make: |scratch, to, _| seal::copy(&scratch.root.join(SET), to) },
    Material { name: SET, make: |scratch, to, _| seal::copy(&scratch.root.join(SET), to) },
    Material { name: "isic", make: |scratch, to, _| scratch.without_gaze("skin", to) },
    Material { name: "photos", make: |scratch, to, _| scratch.without_gaze("polyp", to) },
    Material { name: "samples.csv", make: |_, to, _| write(to, samples()) },
    Material { name: "image.jpg", make: |scratch, to, _| copy(&scratch.image(0), to) },
    Material { name: "llava.csv", make: |scratch, to, _| write(to, scratch.llava()) },
    Material { name: "my.toml", make: |_, to, _| write(to, block(&read(&paths::root().join(SETTINGS))?, "toml")?) },
    Material { name: "grid.toml", make: |_, to, page| write(to, shortened(block(page, "toml")?)) },
    Material { name: "prostate", make: |_, to, _| prostate(to) },
    Material { name: "SERIES_FOLDER", make: |_, to, _| series(to) },
    Material { name: "set/student.safetensors", make: |scratch, to, _| scratch.saved_collection(to) },
    Material { name: "www/bundle", make: |_, to, _| seal::copy(&paths::root().join("www/bundle"), to) },
    Material { name: "grids/bundle-prostate.toml", make: |scratch, to, _| scratch.grid(to) },
    Material { name: "grids/gallery-polyp.toml", make: |scratch, to, _| scratch.gallery("polyp", to) },
    Material { name: "grids/gallery-prostate.toml", make: |scratch, to, _| scratch.gallery("prostate", to) },
    Material {
        name: "results/kvasir.json",
        make: |scratch, to, _| copy(&scratch.root.join("results/kvasir.json"), to),
    },
    Material { name: "runs/k1", make: |scratch, to, _| seal::copy(&scratch.root.join("runs/k1"), to) },
    Material { name: "docs/results/kvasir-ablation.md", make: |_, to, _| published(to) },
];

/// The chapter that shows a configuration.
const SETTINGS: &str = "docs/book/src/configuration.md";

/// The set of drawn polyps in the scratch folder, which stands for Kvasir-SEG.
const SET: &str = "kvasir-seg";

/// The folder that all pages' folders lie in.
pub(super) struct Scratch {
    root: PathBuf,
    fovea: Fovea,
}

impl Scratch {
    /// Makes the folder, without what an earlier call has left there, and draws what pages need.
    ///
    /// # Errors
    /// A file cannot be written, or `fovea` fails.
    pub(super) fn make(root: &Path, fovea: &Fovea) -> Result<Scratch> {
        if root.is_dir() {
            fs::remove_dir_all(root).with_context(|| format!("cannot empty {}", root.display()))?;
        }
        fs::create_dir_all(root).with_context(|| format!("cannot make {}", root.display()))?;
        let scratch = Scratch { root: root.to_owned(), fovea: fovea.clone() };
        scratch.draw("polyp", 36, SET)?;
        rename_split(&root.join(SET), "gaze")?;
        let short = "--device cpu --batch 4 --teacher-epochs 1 --student-epochs 1";
        scratch.run(&format!("train --data {SET} --split gaze --seed 1 {short} --out runs/k1"))?;
        scratch.run("eval --run runs/k1 --device cpu --out results/kvasir.json")?;
        Ok(scratch)
    }

    /// Makes the folder of a page with what its commands name and do not make themselves; `text` is the page's.
    ///
    /// # Errors
    /// A file cannot be written, or the page lacks a block of code that a name stands for.
    pub(super) fn page(&self, name: &str, text: &str, commands: &[Vec<String>]) -> Result<PathBuf> {
        let folder = self.root.join(name.replace(['/', '.'], "-"));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        for material in MATERIALS.iter().filter(|material| is_needed(material.name, commands)) {
            let to = folder.join(material.name);
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
            }
            (material.make)(self, &to, text)
                .with_context(|| format!("`{}` of {name} cannot be made", material.name))?;
        }
        Ok(folder)
    }

    fn run(&self, line: &str) -> Result<()> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let (ok, said) = self.fovea.run(&words, &self.root)?;
        ensure!(ok, "`fovea {line}` failed:\n{said}");
        Ok(())
    }

    fn draw(&self, domain: &str, count: usize, out: &str) -> Result<()> {
        self.run(&format!("data phantom --domain {domain} --count {count} --size 64x64 --out {out}"))
    }

    /// A picture of the set.
    fn image(&self, index: usize) -> PathBuf {
        self.root.join(SET).join(format!("images/polyp-1-{index:05}.jpg"))
    }

    /// Images that nobody has looked at.
    fn without_gaze(&self, domain: &str, to: &Path) -> Result<()> {
        self.draw(domain, 10, &to.to_string_lossy())?;
        fs::remove_dir_all(to.join("gaze")).with_context(|| format!("no gaze in {}", to.display()))?;
        let modality = if domain == "skin" { "skin_lesion" } else { domain };
        write(
            &to.join("dataset.json"),
            format!("{{\"format\": 1, \"name\": \"{domain}\", \"modality\": \"{modality}\"}}\n"),
        )
    }

    /// LLaVA's answers about every picture of the set, two of each kind by turns.
    fn llava(&self) -> String {
        let mut text = String::from("roi_name,text\n");
        for index in 0.. {
            let image = self.image(index);
            if !image.is_file() {
                break;
            }
            let name = image.file_name().unwrap_or_default().to_string_lossy();
            let (shape, colour) = if index % 2 == 0 { ("round", "pink") } else { ("oval", "red") };
            let answer = format!(
                "{{\"\"number\"\": \
                                  1, \"\"shape\"\": \"\"{shape}\"\", \"\"color\"\": \"\"{colour}\"\"}}"
            );
            // Writing to a string does not fail.
            let _ = writeln!(text, "{name},\"{answer}\"");
        }
        text
    }

    /// What the page saves of own pictures, unpacked: `student` is the file of the student in it.
    fn saved_collection(&self, student: &Path) -> Result<()> {
        let set = student.parent().context("a file has a folder")?;
        self.draw("polyp", 10, &set.to_string_lossy())?;
        rename_split(set, "own")?;
        copy(&set.join("images/polyp-1-00000.jpg"), &set.join("images/a.jpg"))?;
        copy(&paths::root().join("www/bundle/polyp/students/heat.safetensors"), student)
    }

    /// The repository's grid of that name with one epoch of each kind, and the phantoms that it names.
    fn grid(&self, to: &Path) -> Result<()> {
        let name = to.file_name().context("a grid has a name")?;
        let text = read(&paths::root().join("grids").join(name))?;
        write(to, shortened(&text))?;
        let phantoms = to.with_file_name("../runs/prostate-phantoms");
        self.draw("prostate", 12, &phantoms.to_string_lossy())
    }

    /// A list of pictures as those of the repository, of one drawn picture.
    fn gallery(&self, domain: &str, to: &Path) -> Result<()> {
        let folder = to.with_file_name(format!("pictures-{domain}"));
        let drawn = folder.join("set");
        self.draw(domain, 1, &drawn.to_string_lossy())?;
        copy(&drawn.join(format!("images/{domain}-1-00000.jpg")), &folder.join("a.jpg"))?;
        copy(&drawn.join(format!("masks/{domain}-1-00000.png")), &folder.join("a.png"))?;
        let source = format!(
            "name = \"Phantoms\"\nauthors = \"fovea data phantom\"\nlicence = \"CC0\"\n\
             link = \"https://example.org\"\nfolder = \"pictures-{domain}\"\n"
        );
        let case = "id = \"a\"\nimage = \"a.jpg\"\nmask = \"a.png\"\n";
        write(to, format!("domain = \"{domain}\"\n\n[[source]]\n{source}\n[[source.case]]\n{case}"))
    }
}

/// Whether commands name something that no command before has made by `--out`.
fn is_needed(name: &str, commands: &[Vec<String>]) -> bool {
    let below = format!("{name}/");
    for words in commands {
        let made = words.iter().zip(words.iter().skip(1)).any(|(flag, value)| flag == "--out" && value == name);
        if made {
            return false;
        }
        if words.iter().any(|word| word == name || word.starts_with(&below)) {
            return true;
        }
    }
    false
}

/// Gives the one split of a drawn set another name.
fn rename_split(set: &Path, name: &str) -> Result<()> {
    for role in ["train", "test"] {
        let [from, to] = ["phantom", name].map(|name| set.join(format!("splits/{name}-{role}.txt")));
        fs::rename(&from, &to).with_context(|| format!("cannot rename {}", from.display()))?;
    }
    Ok(())
}

/// The first block of code of that language in a page.
fn block<'a>(page: &'a str, language: &str) -> Result<&'a str> {
    let found = page.split_once(&format!("```{language}\n")).and_then(|(_, rest)| rest.split_once("```"));
    found.map(|(block, _)| block).with_context(|| format!("the page has no block of {language}"))
}

/// A grid with one seed, one epoch of each kind and no views.
fn shortened(grid: &str) -> String {
    let mut text = String::new();
    for line in grid.lines() {
        let key = line.split('=').next().unwrap_or_default().trim();
        let line = match key {
            "seeds" => "seeds = [1]".to_owned(),
            "views" => "views = 0".to_owned(),
            key if EPOCHS.contains(&key) => format!("{key} = 1"),
            _ => line.to_owned(),
        };
        text += &line;
        text.push('\n');
    }
    text
}

/// Samples of a pointer at 50 Hz that rests at two places of a picture.
fn samples() -> String {
    let mut text = String::from("image,time_ms,x,y\n");
    for sample in 0..40 {
        let x = if sample < 20 { 0.3 } else { 0.7 };
        // Writing to a string does not fail.
        let _ = writeln!(text, "polyp-1-00000.jpg,{},{x},0.5", 20 * sample);
    }
    text
}

/// The folder of MR slices that the book takes its set from.
fn prostate(to: &Path) -> Result<()> {
    for case in CASES {
        for z in 0..slices::DEPTH {
            write(&to.join(format!("dicom/prostate3t/{case}_{}.dcm", z + 1)), slices::dicom(case, z))?;
        }
        write(&to.join(format!("nrrd/nrrd3T/{case}.nrrd")), slices::labels())?;
    }
    write(&to.join("gaze/nci-isbi_fixation.csv"), slices::gaze(&CASES))
}

/// A folder with one series.
fn series(to: &Path) -> Result<()> {
    (0..slices::DEPTH).try_for_each(|z| write(&to.join(format!("1-{}.dcm", z + 1)), slices::dicom(CASES[0], z)))
}

/// The repository's page of a study, with the results that its tables are made of.
fn published(to: &Path) -> Result<()> {
    let root = paths::root();
    let name = to.file_name().context("a page has a name")?;
    copy(&root.join("docs/results").join(name), to)?;
    seal::copy(&root.join("results"), &to.with_file_name("../../results"))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn commands(lines: &[&str]) -> Vec<Vec<String>> {
        lines.iter().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn what_a_page_makes_itself_is_not_made_for_it() {
        let page = commands(&[
            "fovea data stats DATA",
            "fovea train --data set --out runs/k1",
            "fovea eval --run \
            runs/k1",
        ]);
        let needed: Vec<bool> = ["DATA", "set", "runs/k1", "SETS"].map(|name| is_needed(name, &page)).into();
        assert_eq!(needed, [true, true, false, false]);
        let page = commands(&["fovea eval --run runs/k1/", "fovea train --out runs/k1", "fovea report a/b/c"]);
        assert!(is_needed("runs/k1", &page) && is_needed("a/b", &page) && !is_needed("b", &page));
    }

    #[test]
    fn grids_are_shortened_and_blocks_are_found() {
        let page = "# A\n```sh\nx\n```\n```toml\nseeds = [1, 2]\nteacher-epochs = 8\nnote = \"teacher-epochs = \
                    8\"\n```\n";
        let grid = shortened(block(page, "toml").unwrap());
        assert_eq!(grid, "seeds = [1]\nteacher-epochs = 1\nnote = \"teacher-epochs = 8\"\n");
        assert!(block(page, "json").is_err());
    }

    #[test]
    fn names_of_the_table_stand_in_the_book() {
        let chapters = paths::root().join("docs/book/src");
        let files = seal::files(&chapters).unwrap();
        let book: String = files.iter().map(|name| read(&chapters.join(name)).unwrap()).collect();
        for material in MATERIALS {
            assert!(book.contains(material.name), "no page needs {}", material.name);
        }
    }
}
