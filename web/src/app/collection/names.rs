//! Names of files that are safe and unique as ids of a data set.

/// Most letters of an id.
const LONGEST: usize = 60;

/// Names that Windows keeps for itself.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The last part of a path, whichever way its slashes lean.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A file name without its extension.
pub fn stem(name: &str) -> &str {
    let name = file_name(name);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// The id of a picture with this file name. It holds letters, digits, `-` and `_` alone, so it is a
/// file name everywhere and the gaze CSV can name it; `taken` says which ids there are already.
pub fn id_of(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '-' { c } else { '_' };
    let plain: String = stem(name).trim().chars().map(plain).take(LONGEST).collect();
    let mut id = plain.trim_matches(['_', '-']).to_owned();
    if id.is_empty() {
        id = "picture".into();
    }
    let lower = id.to_lowercase();
    let port = |name: &str| {
        lower.strip_prefix(name).is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
    };
    if RESERVED.contains(&lower.as_str()) || port("com") || port("lpt") {
        id = format!("picture-{id}");
    }
    let mut unique = id.clone();
    let mut number = 2;
    while taken(&unique) {
        unique = format!("{id}-{number}");
        number += 1;
    }
    unique
}

/// Whether two ids are one where names do not tell large letters from small ones.
pub fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> String {
        id_of(name, |_| false)
    }

    #[test]
    fn ids_are_names_of_files_everywhere() {
        assert_eq!(id("IMG 1 (2).final.JPG"), "IMG_1__2__final");
        assert_eq!(id("C:\\pictures\\a.b.png"), "a_b");
        assert_eq!(id("deep/er/Läsion.jpg"), "Läsion");
        assert_eq!(
            (id(""), id(".jpg"), id("???.png"), id("../..")),
            ("picture".into(), "jpg".into(), "picture".into(), "picture".into())
        );
        assert_eq!(
            (id("CON.png"), id("com1.jpg"), id("com10.jpg")),
            ("picture-CON".into(), "picture-com1".into(), "com10".into())
        );
        assert_eq!(id(&"x".repeat(300)).len(), LONGEST);
    }

    #[test]
    fn ids_are_unique_without_regard_to_large_letters() {
        let there = ["a", "A-2"];
        let taken = |id: &str| there.iter().any(|one| same(one, id));
        assert_eq!(id_of("a.jpg", taken), "a-3");
        assert_eq!(id_of("b.jpg", taken), "b");
    }
}
