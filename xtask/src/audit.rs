//! Whether a built page can lie in any folder of any host: it must refer to nothing outside of its own folder.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::seal::files;

/// What a browser may follow or load, as far as it stands in quotes: attributes of HTML and SVG,
/// members of the manifest.
const REFERENCES: [&str; 6] =
    ["href=\"", "src=\"", "content=\"./", "\"src\": \"", "\"start_url\": \"", "\"scope\": \""];

/// Addresses that are names and never asked for: the XML namespaces.
const NAMES: &str = "http://www.w3.org/";

/// Looks through all texts of a page.
///
/// # Errors
/// Names the file and what it refers to: an absolute path, another origin, or a placeholder that trunk has left.
pub fn audit(dir: &Path) -> Result<()> {
    for name in files(dir)? {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if !matches!(extension, "html" | "css" | "js" | "mjs" | "svg" | "webmanifest") {
            continue;
        }
        let path = dir.join(&name);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if let Some(why) = outside(extension, &text) {
            bail!("{} {why}\nremedy: the page must work in any folder of any host", path.display());
        }
    }
    Ok(())
}

/// What a text refers to outside of the page's folder, if anything.
fn outside(extension: &str, text: &str) -> Option<String> {
    if let Some(at) = text.find("{{__") {
        return Some(format!("holds a placeholder of trunk's: {}", excerpt(&text[at..])));
    }
    let markers: &[&str] = match extension {
        "css" => &["url(", "@import "],
        // Scripts put addresses together; what they could only mean another origin by is a whole address in quotes.
        "js" | "mjs" => {
            &["\"http", "'http", "`http", "\"//", "'//", "`//", "import(\"/", "fetch(\"/", "from \"/", "from '/"]
        }
        _ => &REFERENCES,
    };
    for marker in markers {
        for (at, _) in text.match_indices(marker) {
            let value = text[at + marker.len()..].trim_start_matches(['"', '\'']);
            let script = matches!(extension, "js" | "mjs");
            let address = value.starts_with('/') || value.starts_with("http:") || value.starts_with("https:");
            let wrong = if script {
                marker.contains('/') || value.starts_with("://") || value.starts_with("s://")
            } else {
                address
            };
            if wrong && !text[at..].trim_start_matches(['"', '\'', '`']).starts_with(NAMES) {
                return Some(format!("refers outside of its folder: {}", excerpt(&text[at..])));
            }
        }
    }
    None
}

fn excerpt(text: &str) -> String {
    text.chars().take_while(|c| *c != '\n').take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_outside_is_found_and_nothing_else() {
        let good = [
            (
                "html",
                "<a href=\"./x.css\"><a href=\"#top\"><input value=\"http://127.0.0.1:8080/v1\"><meta \
                 content=\"./w.js\">",
            ),
            ("svg", "<svg xmlns=\"http://www.w3.org/2000/svg\">"),
            ("js", "import(\"./a.js\"); const ns = \"http://www.w3.org/2000/svg\"; // see https://example.org"),
            ("css", "a { background: linear-gradient(#000, #fff) }"),
            ("webmanifest", "{ \"start_url\": \"./\", \"src\": \"icon.svg\" }"),
        ];
        for (extension, text) in good {
            assert_eq!(outside(extension, text), None, "{text}");
        }
        let bad = [
            ("html", "<script src=\"https://cdn.example/x.js\">"),
            ("html", "<link href=\"/style.css\">"),
            ("html", "<p>{{__TRUNK_ADDRESS__}}"),
            ("js", "fetch(\"/bundle/index.json\")"),
            ("js", "new WebSocket('//host/ws')"),
            ("mjs", "fetch(`https://example.org/${x}`)"),
            ("css", "@import \"https://fonts.example/x.css\";"),
            ("css", "src: url(/font.woff2)"),
            ("webmanifest", "{ \"start_url\": \"/\" }"),
        ];
        for (extension, text) in bad {
            assert!(outside(extension, text).is_some(), "{text}");
        }
    }
}
