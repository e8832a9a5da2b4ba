//! Files of glances that visitors bring.

use super::gaze_file::GazeFile;
use crate::{errors, glances::file::GlanceFile, text::Message};

/// What each file holds, or a sentence that names it and says why it cannot be read.
pub(super) fn read(files: Vec<GazeFile>) -> Vec<(String, Result<GlanceFile, Message>)> {
    let one = |GazeFile { name, bytes }: GazeFile| {
        // A file that cannot be had says its name itself.
        let file = bytes.and_then(|bytes| {
            GlanceFile::read(&bytes).map_err(|error| errors::of_file(&name, errors::glance_file(&error)))
        });
        (name, file)
    };
    files.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_read_by_itself_and_named_where_it_cannot_be() {
        let file = |name: &str, bytes| GazeFile { name: name.into(), bytes };
        let read = read(vec![file("a.json", Ok(b"{".to_vec())), file("b.json", Err("b.json is too large.".into()))]);
        let said: Vec<String> =
            read.iter().filter_map(|(_, file)| file.as_ref().err()).map(Message::to_string).collect();
        assert!(said[0].starts_with("a.json: line 1: "), "{}", said[0]);
        assert_eq!(said[1], "b.json is too large.");
    }
}
