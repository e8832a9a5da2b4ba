//! How long things take, as the visitor sees it.

use web_sys::{Document, HtmlElement};

use crate::{
    app::{
        elements::{get, set_text},
        status::numbers::ms,
    },
    text::say,
};

/// What is shown of how long things took, in ms.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// From the last change of gaze or words to its mask: all of it, of that the engine, of that the
    /// teacher.
    pub click: Option<[f64; 3]>,
    /// The backbone, for the last image or in the self-check.
    pub embed: Option<f64>,
}

/// The two lines.
pub(super) struct Timing {
    click: HtmlElement,
    embed: HtmlElement,
}

impl Timing {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self { click: get(d, "timing-click")?, embed: get(d, "timing-embed")? })
    }

    /// Writes how long the last click and the last image took.
    pub(super) fn refresh(&self, times: Times) {
        if let Some(parts) = times.click {
            let [all, engine, teacher] = parts.map(ms);
            set_text(&self.click, &say!("timing-click", all = all, engine = engine, teacher = teacher));
        }
        if let Some(embed) = times.embed {
            set_text(&self.embed, &say!("timing-embed", time = ms(embed)));
        }
    }
}
