//! Tables in a Markdown file that come from result files: what stands between `<!-- results:NAME
//! -->` and `<!-- /results -->` is written from `NAME.json`.
//!
//! After the name, `models=student,teacher` and `rows=all,best` choose what a study's table shows,
//! in the study's order; of a file of `fovea eval --interact`, `rows=looks,blended` chooses parts.
//! A file that a changed checkout wrote has no commit that it can be made again from, so there is
//! no table of it unless the marker says `any-version`.

use std::{
    iter::repeat_n,
    path::{Path, PathBuf},
};

use super::{
    bench::Bench,
    folder::{Content, ResultsFolder},
    interact::Interact,
    results::Study,
    study_table::Line,
};

mod error;

pub use error::{MarkerError, ReadmeError};

const BEGIN: &str = "<!-- results:";
const END: &str = "<!-- /results -->";

/// A Markdown file with its tables written again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// The whole text.
    pub text: String,
    /// The tables, in their order, and whether each differs from what stood there.
    pub tables: Vec<(String, bool)>,
}

/// Writes the tables of `text` again. `link` is how the file refers to the folder of results.
/// Markers within fenced code are left alone.
///
/// # Errors
/// A table that no result has, or markers that do not match, with the line.
pub fn rewrite(text: &str, results: &ResultsFolder, link: &str) -> Result<Rewritten, ReadmeError> {
    let mut out = String::with_capacity(text.len());
    let mut tables = Vec::new();
    let mut open: Option<(Marker<'_>, usize, String)> = None;
    let mut fence = Fence::default();
    let at = |line: usize| move |source| ReadmeError::Marker { line, source };
    for (number, line) in text.split_inclusive('\n').enumerate().map(|(i, line)| (i + 1, line)) {
        let said = line.trim();
        let code = open.is_none() && fence.holds(said);
        if !code && said == END {
            let Some((marker, begun, old)) = open.take() else {
                return Err(ReadmeError::EndsNothing { line: number });
            };
            let new = marker.table(results, link).map_err(at(begun))?;
            tables.push((marker.name.to_owned(), old.trim() != new.trim()));
            out += &new;
            out += line;
        } else if let (false, Some(marker)) = (code, Marker::read(said).map_err(at(number))?) {
            if open.is_some() {
                return Err(ReadmeError::Within { line: number });
            }
            out += line;
            open = Some((marker, number, String::new()));
        } else if let Some((.., old)) = &mut open {
            *old += line;
        } else {
            out += line;
        }
    }
    if let Some((marker, line, _)) = open {
        return Err(ReadmeError::NoEnd { line, name: marker.name.to_owned() });
    }
    if tables.is_empty() { Err(ReadmeError::NoTable) } else { Ok(Rewritten { text: out, tables }) }
}

/// Whether a line is code.
#[derive(Default)]
struct Fence {
    open: Option<String>,
}

impl Fence {
    /// Takes the next line in.
    fn holds(&mut self, line: &str) -> bool {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match &self.open {
            Some(open) => {
                if ticks.len() >= open.len() && ticks == line {
                    self.open = None;
                }
                true
            }
            None if ticks.len() >= 3 => {
                self.open = Some(ticks);
                true
            }
            None => false,
        }
    }
}

/// What a marker asks for.
struct Marker<'a> {
    name: &'a str,
    models: Vec<&'a str>,
    rows: Vec<&'a str>,
    /// Whether a file of a changed checkout will do.
    any_version: bool,
}

impl<'a> Marker<'a> {
    fn read(line: &'a str) -> Result<Option<Self>, MarkerError> {
        let Some(asked) = line.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix("-->")) else { return Ok(None) };
        let mut words = asked.split_whitespace();
        let name = words.next().ok_or_else(|| MarkerError::NoName(line.to_owned()))?;
        let mut marker = Self { name, models: Vec::new(), rows: Vec::new(), any_version: false };
        for word in words {
            match word.split_once('=') {
                Some(("models", names)) => marker.models = names.split(',').collect(),
                Some(("rows", names)) => marker.rows = names.split(',').collect(),
                _ if word == "any-version" => marker.any_version = true,
                _ => return Err(MarkerError::Word(word.to_owned())),
            }
        }
        Ok(Some(marker))
    }

    fn table(&self, results: &ResultsFolder, link: &str) -> Result<String, MarkerError> {
        let name = || self.name.to_owned();
        let Some(item) = results.item(self.name) else {
            let problem = results.problems.iter().find(|(file, _)| *file == format!("{}.json", self.name));
            return Err(match problem {
                Some((file, why)) => MarkerError::Broken { file: file.clone(), why: why.clone() },
                None => MarkerError::Missing { folder: results.path.clone(), name: name() },
            });
        };
        let commit = match &item.content {
            Content::Study(study) => study.git_sha.as_str(),
            Content::Bench(bench) => &bench.git_sha,
            Content::Interact(found) => &found.git_sha,
            _ => "",
        };
        if !self.any_version && commit.contains("-dirty") {
            return Err(MarkerError::Dirty { name: name(), commit: commit.to_owned() });
        }
        let source = format!("[{}.json]({link}/{}.json)", self.name, self.name);
        match &item.content {
            Content::Study(study) => self.study(study, &source),
            Content::Bench(bench) if self.models.is_empty() && self.rows.is_empty() => Ok(bench_table(bench, &source)),
            Content::Bench(_) => Err(MarkerError::NothingToChoose),
            Content::Interact(found) => self.interact(found, &source),
            _ => Err(MarkerError::NoTable { name: name() }),
        }
    }

    fn interact(&self, found: &Interact, source: &str) -> Result<String, MarkerError> {
        let study = || found.study.clone();
        if !self.models.is_empty() {
            return Err(MarkerError::NoModels { study: study() });
        }
        if let Some(part) = self.rows.iter().find(|name| !found.parts().any(|part| part.name() == **name)) {
            return Err(MarkerError::NoPart { study: study(), part: (*part).to_owned() });
        }
        let parts = found.parts().filter(|part| self.rows.is_empty() || self.rows.contains(&part.name()));
        let tables: String = parts.map(|part| format!("{}:\n\n{}\n", part.title(), found.table(part))).collect();
        let d = &found.data;
        Ok(format!(
            "\n{tables}{}, split `{}`, {} images, commit {}: {source}. Looks are drawn from the true masks of these \
             images; rules in the file.\n\n",
            d.name, d.split, d.images, found.git_sha
        ))
    }

    fn study(&self, study: &Study, source: &str) -> Result<String, MarkerError> {
        let unknown = |name: &&&str| !study.rows.iter().any(|row| row.name == **name);
        if let Some(name) = self.rows.iter().find(unknown) {
            return Err(MarkerError::NoRow { study: study.study.clone(), row: (*name).to_owned() });
        }
        // Rows that are named are all shown.
        let mut lines: Vec<Line<'_>> = if self.rows.is_empty() { study.distinct_lines() } else { study.lines() };
        if let Some(model) = self.models.iter().find(|model| !lines.iter().any(|line| line.model == **model)) {
            return Err(MarkerError::NoScores { study: study.study.clone(), model: (*model).to_owned() });
        }
        lines.retain(|line| {
            (self.models.is_empty() || self.models.contains(&line.model))
                && (self.rows.is_empty() || self.rows.contains(&line.row.name.as_str()))
        });
        let d = &study.data;
        Ok(format!(
            "\n{}\n{}, split `{}`, {} images, commit {}: {source}. {}\n\n",
            study.markdown_table(&lines),
            d.name,
            d.split,
            d.images,
            study.git_sha,
            study.legend()
        ))
    }
}

fn bench_table(bench: &Bench, source: &str) -> String {
    let row = |row: &super::bench::BenchRow| {
        format!("| `{}` | {} {} | {} |\n", row.name, row.shown(), row.unit, row.compared())
    };
    let rows: String = bench.rows.iter().map(row).collect();
    format!(
        "\n| measured | value | compared with |\n|---|---|---|\n{rows}\n{}, commit {}: {source}.\n\n",
        bench.machine, bench.git_sha
    )
}

/// How a file in `from` refers to `folder`: a relative path, or `folder` as it is where there is none.
pub fn link(from: &Path, folder: &Path) -> String {
    let here = if from.as_os_str().is_empty() { Path::new(".") } else { from };
    let relative = || {
        let (here, folder) = (here.canonicalize().ok()?, folder.canonicalize().ok()?);
        here.ancestors().enumerate().find_map(|(up, above)| {
            let below = folder.strip_prefix(above).ok()?;
            Some(repeat_n(Path::new(".."), up).collect::<PathBuf>().join(below))
        })
    };
    let link = relative().unwrap_or_else(|| folder.to_path_buf()).to_string_lossy().replace('\\', "/");
    if link.is_empty() { ".".into() } else { link }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{data::error::told, report::results::example};

    fn results(folder: &Path) -> ResultsFolder {
        example().write(&folder.join("kvasir-road.json")).unwrap();
        let (found, lines) = crate::report::interact::example();
        found.write(&folder.join("interact-polyp.json"), &lines).unwrap();
        std::fs::write(folder.join("broken.json"), "{").unwrap();
        let bench = r#"{"study":"bench","command":"c","machine":"m","git_sha":"g","rows":[{"name":"click","unit":"ms","value":3.747}]}"#;
        std::fs::write(folder.join("bench.json"), bench).unwrap();
        ResultsFolder::read(folder).unwrap()
    }

    #[test]
    fn tables_come_from_files_and_everything_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let results = results(folder.path());
        let text = "# Title\n<!-- results:kvasir-road models=student rows=all -->\nstale\n<!-- /results -->\nbetween\n\
                    ```\n<!-- results:nothing -->\n```\n<!-- results:bench -->\n<!-- /results -->\nafter";
        let once = rewrite(text, &results, "results").unwrap();
        assert_eq!(once.tables, [("kvasir-road".to_owned(), true), ("bench".to_owned(), true)]);
        let text = &once.text;
        assert!(text.contains("| all | student | 2 | 0.575 \u{b1} 0.177 |") && !text.contains("stale"), "{text}");
        assert!(!text.contains("| other |") && !text.contains("teacher with gaze |"), "{text}");
        assert!(text.contains("](results/kvasir-road.json)") && text.contains("| `click` | 3.75 ms |"), "{text}");
        assert!(text.starts_with("# Title\n<!-- results:kvasir-road models=student rows=all -->\n\n| row |"), "{text}");
        assert!(text.contains("between\n```\n<!-- results:nothing -->\n```\n") && text.ends_with("after"), "{text}");
        let twice = rewrite(text, &results, "results").unwrap();
        assert_eq!(twice.text, once.text);
        assert!(twice.tables.iter().all(|(_, differs)| !differs));
        let edited = text.replace("0.575", "0.975");
        assert!(rewrite(&edited, &results, "results").unwrap().tables[0].1, "an edited number is seen");
    }

    #[test]
    fn parts_of_what_answers_follow_are_chosen() {
        let folder = tempfile::tempdir().unwrap();
        let results = results(folder.path());
        let table = |rows: &str| {
            let text = format!("<!-- results:interact-polyp{rows} -->\n<!-- /results -->\n");
            rewrite(&text, &results, "results").unwrap().text
        };
        let (all, one) = (table(""), table(" rows=side_by_side"));
        assert!(all.contains("| Dice after one look |") && all.contains("](results/interact-polyp.json)"), "{all}");
        assert!(!one.contains("| Dice after one look |") && one.contains("looked-at lesion's side | 0.750"), "{one}");
    }

    #[test]
    fn there_is_no_table_of_what_a_changed_checkout_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let study = Study { git_sha: "0123456789ab, 012345-dirty-01234567".into(), ..example() };
        study.write(&folder.path().join("kvasir-road.json")).unwrap();
        let results = ResultsFolder::read(folder.path()).unwrap();
        let of = |words: &str| {
            let text = format!("<!-- results:kvasir-road{words} -->\n<!-- /results -->\n");
            rewrite(&text, &results, "results")
        };
        let message = told(&of("").unwrap_err());
        assert!(message.contains("012345-dirty-01234567") && message.contains("any-version"), "{message}");
        let text = of(" models=student any-version").unwrap().text;
        assert!(text.contains("| all | student |") && text.contains("-dirty-"), "the table says so: {text}");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let results = results(folder.path());
        for (text, words) in [
            ("\n<!-- results:nowhere -->\n<!-- /results -->", ["line 2", "nowhere.json"]),
            ("<!-- results:broken -->\n<!-- /results -->", ["line 1", "broken.json"]),
            ("<!-- results:kvasir-road -->\n", ["line 1", "no end"]),
            ("a\nb\n<!-- /results -->", ["line 3", "ends nothing"]),
            ("<!-- results:kvasir-road -->\n<!-- results:bench -->", ["line 2", "within another"]),
            ("<!-- results:kvasir-road rows=x -->\n<!-- /results -->", ["line 1", "`x`"]),
            ("<!-- results:kvasir-road models=teacher -->\n<!-- /results -->", ["line 1", "`teacher`"]),
            ("<!-- results:interact-polyp rows=x -->\n<!-- /results -->", ["line 1", "no part `x`"]),
            ("<!-- results:kvasir-road row=x -->\n<!-- /results -->", ["line 1", "`row=x`"]),
            ("<!-- results: -->\n<!-- /results -->", ["line 1", "names no result"]),
            ("nothing here", ["no table", "results:NAME"]),
        ] {
            let message = told(&rewrite(text, &results, "results").unwrap_err());
            assert!(words.iter().all(|word| message.contains(word)), "{text}: {message}");
        }
    }

    #[test]
    fn links_are_relative_where_they_can_be() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("a/results")).unwrap();
        assert_eq!(link(&folder.path().join("a"), &folder.path().join("a/results")), "results");
        assert_eq!(link(folder.path(), &folder.path().join("a/results")), "a/results");
        std::fs::create_dir_all(folder.path().join("docs")).unwrap();
        assert_eq!(link(&folder.path().join("docs"), &folder.path().join("a/results")), "../a/results");
        assert_eq!(link(folder.path(), folder.path()), ".");
        assert_eq!(link(folder.path(), Path::new("nowhere")), "nowhere");
    }
}
