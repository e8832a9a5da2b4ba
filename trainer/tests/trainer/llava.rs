//! LLaVA's published answers, where the data is at hand: every row must be read, and most answers must find a word.

use std::{collections::BTreeMap, fs, path::PathBuf};

use fovea_shared::description::Field;
use fovea_trainer::describe::{
    llava::{import, llava_records},
    store,
};

/// `llava.csv` in FOVEA_DATA, or in shared/data beside the checkout.
fn table() -> String {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let root = std::env::var_os("FOVEA_DATA").map_or_else(beside, PathBuf::from);
    fs::read_to_string(root.join("kvasir-seg/text/llava.csv")).unwrap()
}

#[test]
#[ignore = "needs the real data: FOVEA_DATA, or shared/data beside the checkout"]
fn the_published_table_is_read_to_the_end() {
    let text = table();
    let rows = import(&text).unwrap();
    assert_eq!(rows.len(), 1000);
    let mut unmapped: BTreeMap<Field, Vec<&str>> = BTreeMap::new();
    for (field, answer) in rows.iter().flat_map(|row| &row.unmapped) {
        unmapped.entry(*field).or_default().push(answer);
    }
    let left_out = |field: Field| unmapped.get(&field).map_or(0, Vec::len);
    println!("left out: {unmapped:?}");
    assert_eq!([Field::Size, Field::Colour].map(left_out), [0, 0]);
    assert!(left_out(Field::Count) < 30 && left_out(Field::Shape) < 30 && left_out(Field::Location) < 60);
    assert!(unmapped[&Field::Location].contains(&"belly button"));
    let said = |field: Field| rows.iter().filter(|r| r.description.get(field).is_some()).count();
    for field in [Field::Count, Field::Location, Field::Size, Field::Shape, Field::Colour] {
        assert_eq!(said(field) + left_out(field), 1000, "{field:?}");
    }
}

#[test]
fn records_survive_the_file() {
    let text = "roi_name,text\nx.jpg,\"{\"\"number\"\": 1, \"\"location\"\": \"\"top \
                right\"\", \"\"color\"\": \"\"red\"\"}\"\n";
    let records = llava_records(text).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("llava.jsonl");
    let mut file = store::Appender::open(&path).unwrap();
    records.iter().for_each(|record| file.append(record).unwrap());
    let read = store::read(&path).unwrap();
    assert_eq!(read["x"], records[0]);
    assert!(read["x"].caveat.as_ref().unwrap().contains("Never clean weak supervision"));
    assert_eq!(read["x"].description.get(Field::Location).unwrap().name, "upper_right");
}
