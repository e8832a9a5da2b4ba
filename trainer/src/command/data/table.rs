//! Columns for a terminal.

/// Rows as lines with aligned columns: the first column to the left, the others to the right.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|v| v.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (c, value) in row.iter().enumerate() {
            let cell =
                if c == 0 { format!("{value:<w$}", w = widths[c]) } else { format!("  {value:>w$}", w = widths[c]) };
            line.push_str(&cell);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aligns() {
        let row = |v: &[&str]| v.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        assert_eq!(table(&[row(&["a", "1", "x"]), row(&["long", "22", ""])]), "a      1  x\nlong  22\n");
        assert_eq!(table(&[]), "");
    }
}
