//! Descriptions that need no server: measured ones, and files of them.

use std::{collections::BTreeMap, path::Path};

use fovea_shared::description::Modality;

use super::{DescribeError, llava::llava_records, store::Record};
use crate::data::{Dataset, error::told, hash::file_sha256, text};

/// Most mistakes of a file that are shown.
const SHOWN: usize = 20;

/// The records of a file: `.jsonl` as `fovea describe` writes it, or LLaVA's `.csv`. All of them
/// fit the data set: an id that it has, once; where an image's SHA-256 is given, that of its image;
/// the modality, where one is asked for. Those without an SHA-256 get it.
///
/// # Errors
/// Every mistake (the first 20 of them), by line and field; then nothing is imported.
pub fn import(path: &Path, dataset: &Dataset, modality: Option<Modality>) -> Result<Vec<Record>, DescribeError> {
    let file = || path.to_path_buf();
    let text = text::read(path).map_err(|source| DescribeError::ImportText { path: file(), source })?;
    let mut mistakes = Vec::new();
    let records = match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => {
            let records = llava_records(&text);
            let records =
                records.map_err(|source| DescribeError::ImportTable { path: file(), source: Box::new(source) })?;
            records.into_iter().map(|record| (None, record)).collect()
        }
        Some("jsonl") => lines(&text, &mut mistakes),
        _ => return Err(DescribeError::ImportKind(file())),
    };
    let mut seen: BTreeMap<String, Option<usize>> = BTreeMap::new();
    let mut checked = Vec::new();
    for (line, mut record) in records {
        let place = line.map_or_else(|| format!("`{}`", record.id), |line| format!("line {line}"));
        if let Some(earlier) = seen.insert(record.id.clone(), line) {
            let earlier = earlier.map_or_else(String::new, |line| format!(", which line {line} has too"));
            mistakes.push(format!("{place}, field `id`: a second description of `{}`{earlier}", record.id));
        } else if let Err(error) = fits(&mut record, dataset, modality) {
            mistakes.push(format!("{place}, {error}"));
        } else {
            checked.push(record);
        }
    }
    if !mistakes.is_empty() {
        let count = mistakes.len();
        mistakes.truncate(SHOWN);
        if count > SHOWN {
            mistakes.push(format!("and {} more", count - SHOWN));
        }
        return Err(DescribeError::Mistakes { path: file(), mistakes });
    }
    if checked.is_empty() { Err(DescribeError::NoDescription(file())) } else { Ok(checked) }
}

/// The records of the lines that are records, with their numbers.
fn lines(text: &str, mistakes: &mut Vec<String>) -> Vec<(Option<usize>, Record)> {
    let mut records = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str(line) {
            Ok(record) => records.push((Some(index + 1), record)),
            Err(error) => mistakes.push(format!("line {}: {error}", index + 1)),
        }
    }
    records
}

/// Whether a record belongs to this data set; else what is wrong with which field.
fn fits(record: &mut Record, dataset: &Dataset, modality: Option<Modality>) -> Result<(), String> {
    let Some(case) = dataset.case(&record.id) else {
        return Err(format!("field `id`: the data set {} has no image `{}`", dataset.root.display(), record.id));
    };
    let found = record.description.modality;
    if let Some(asked) = modality.filter(|asked| *asked != found) {
        return Err(format!("field `modality`: it is {}, and --modality {}", found.name(), asked.name()));
    }
    let sha256 = file_sha256(&case.image).map_err(|error| told(&error))?;
    if let Some(given) = record.image_sha256.as_ref().filter(|given| **given != sha256) {
        let image = case.image.display();
        return Err(format!(
            "field `image_sha256`: {given} is not that of {image}, which is {sha256}: another image is described"
        ));
    }
    record.image_sha256 = Some(sha256);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data_fixture as fixture;
    use std::fs;

    #[test]
    fn imports_strictly_and_names_line_and_field() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b", "c"]);
        let data = Dataset::open(folder.path()).unwrap();
        let path = folder.path().join("d.jsonl");
        let line = |id: &str, more: &str, says: &str| {
            format!(
                "{{\"id\":\"{id}\"{more},\"description\":{{\"schema\":1,\"modality\":\"polyp\",\"source\":\"clinician\"{says}}}}}\n"
            )
        };
        let read = |text: &str, modality| {
            fs::write(&path, text).unwrap();
            import(&path, &data, modality)
        };
        let good = line("a", "", ",\"shape\":\"round\"") + "\n" + &line("c", "", "");
        let records = read(&good, Some(Modality::Polyp)).unwrap();
        assert_eq!(records.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        let sha = file_sha256(&data.cases[0].image).unwrap();
        assert_eq!(records[0].image_sha256.as_ref(), Some(&sha));
        let bad = [
            line("a", &format!(",\"image_sha256\":\"{sha}\""), ""),
            line("b", &format!(",\"image_sha256\":\"{sha}\""), ""),
            line("z", "", ""),
            line("a", "", ""),
            line("c", "", ",\"colour\":\"mauve\""),
            line("c", ",\"shoe\":1", ""),
            line("c", "", ",\"shape\":\"round\",\"shape\":\"oval\""),
            "{\"id\":".into(),
        ];
        let DescribeError::Mistakes { mistakes, .. } = read(&bad.concat(), None).unwrap_err() else {
            panic!("mistakes")
        };
        assert_eq!(mistakes.len(), 7, "{mistakes:?}");
        let text = mistakes.join("\n");
        for (line, word) in [
            (2, "`image_sha256`"),
            (3, "`z`"),
            (4, "line 1 has too"),
            (5, "`colour`"),
            (6, "`shoe`"),
            (7, "`shape`"),
            (8, "EOF"),
        ] {
            let found = text.lines().find(|l| l.trim_start().starts_with(&format!("line {line}")));
            assert!(found.is_some_and(|l| l.contains(word)), "line {line}, {word}: {text}");
        }
        assert!(!text.contains("line 1,"), "{text}");
        let text = read(&good, Some(Modality::SkinLesion)).unwrap_err().to_string();
        assert!(text.contains("`modality`") && text.contains("skin_lesion"), "{text}");
        assert!(matches!(read("\n", None), Err(DescribeError::NoDescription(_))));
        let picture = import(&folder.path().join("images/a.png"), &data, None);
        assert!(matches!(picture, Err(DescribeError::ImportText { .. })), "{picture:?}");
    }
}
