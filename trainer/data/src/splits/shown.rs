//! Names in messages.

/// How many names a message has.
pub(crate) const SHOWN: usize = 5;

/// The first few names, and how many more there are.
pub(crate) fn names(all: impl ExactSizeIterator<Item = impl AsRef<str>>) -> String {
    let rest = all.len().saturating_sub(SHOWN);
    let shown: Vec<String> = all.take(SHOWN).map(|n| n.as_ref().to_owned()).collect();
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    shown.join(", ") + &more
}
