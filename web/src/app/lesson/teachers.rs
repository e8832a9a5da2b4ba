//! The dialog for teachers: a code a step, to be shown or printed, and the plan of the lesson.

use web_sys::{Document, Event, HtmlElement};

use super::steps::steps;
use crate::{
    app::{
        elements::{append, create, create_with, dialog::Dialog, events::on, get, set, window},
        share::{address_bar::link, qr},
    },
    text::{language, say},
};

/// The elements.
#[derive(Clone)]
pub(super) struct Teachers {
    open: HtmlElement,
    dialog: Dialog,
    plan: HtmlElement,
    list: HtmlElement,
    print: HtmlElement,
}

impl Teachers {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            open: get(d, "teachers-open")?,
            dialog: Dialog::find(d, "teachers", "teachers-close")?,
            plan: get(d, "teachers-plan")?,
            list: get(d, "teachers-list")?,
            print: get(d, "teachers-print")?,
        })
    }

    pub(super) fn listen(&self) {
        let of = self.clone();
        on(&self.open, "click", move |_: Event| {
            of.write();
            of.dialog.open();
        });
        on(&self.print, "click", |_: Event| {
            // A browser that does not print leaves the codes on the screen.
            drop(window().print());
        });
    }

    /// Writes the codes, each to the address that the page has now.
    fn write(&self) {
        set(&self.plan, "href", plan(language().code));
        self.list.set_text_content(None);
        for (place, step) in steps().iter().enumerate() {
            let address = link(None, &[("lesson", (place + 1).to_string())]);
            let item = create("li", "");
            if let Some(svg) = qr::svg(&address) {
                let source = format!("data:image/svg+xml,{}", String::from(js_sys::encode_uri_component(&svg)));
                let alt = say!("teachers-code", title = step.title.clone());
                append(&item, &create_with("img", "", &[("src", &source), ("alt", &alt)]));
            }
            append(&item, &create_with("a", &step.title.to_string(), &[("href", &address)]));
            append(&self.list, &item);
        }
    }
}

/// The page with the plan, in the language of this code.
fn plan(code: &str) -> &'static str {
    match code {
        "zh" => "teaching.zh.html",
        _ => "teaching.html",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::Value;

    use super::*;
    use crate::text::{LANGUAGES, Message, speak};

    fn file(name: &str) -> String {
        let path = format!("{}/../{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    #[test]
    fn every_language_has_its_plan() {
        for language in &LANGUAGES {
            let html = file(&format!("www/{}", plan(language.code)));
            assert!(html.contains(&format!("<html lang=\"{}\">", language.tag)), "{}", language.code);
        }
    }

    /// A figure as the plan writes it: without the zero before the point.
    fn three(value: f64) -> String {
        format!("{value:.3}").trim_start_matches('0').to_owned()
    }

    fn two(value: f64) -> String {
        format!("{value:.2}").trim_start_matches('0').to_owned()
    }

    /// What the plan must hold: the message, the result file that it names, the figures as written.
    fn expected() -> Vec<(&'static str, &'static str, Vec<String>)> {
        let read = |name: &str| -> Value { serde_json::from_str(&file(&format!("results/{name}"))).unwrap() };
        let (interact, labels, bundle) = ("interact-polyp.json", "kvasir-labels.json", "bundle-polyp.json");
        let looks = read(interact);
        let part = |path: &str| looks.pointer(&format!("/parts/{path}")).and_then(Value::as_f64).unwrap();
        let images = |path: &str| looks.pointer(&format!("/parts/{path}/images")).unwrap().to_string();
        let dice =
            ["looks/teacher_0/mean", "looks/teacher_1/mean", "looks/teacher_3/mean"].map(|path| three(part(path)));
        let unoutlined = format!("{:.0}", part("off/unoutlined/mean") * part("off/unoutlined/images"));
        let share = ["mean", "low", "high"].map(|of| three(part(&format!("doubles/share/{of}"))));
        let words = [two(part("words_size/small/mean")), two(part("words_size/large/mean"))];
        let moved = format!("{:.0} %", part("words_side_by_side/moved/mean") * 100.0);
        let masks = read(labels)["labels"].as_array().unwrap().clone();
        let broad = masks.iter().find(|mask| mask["name"] == "broad pseudo-mask").unwrap();
        let seeds: Vec<f64> = broad["dice"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
        let broad = seeds.iter().sum::<f64>() / seeds.len() as f64;
        let rows = read(bundle)["rows"].as_array().unwrap().clone();
        let students = ["heat", "teacher", "full-supervision"].map(|name| {
            let row = rows.iter().find(|row| row["name"] == name).unwrap();
            let of = |path: &str| three(row["student"].pointer(path).and_then(Value::as_f64).unwrap());
            format!("{} [{}, {}]", of("/dice/0"), of("/dice_interval/0/0"), of("/dice_interval/0/1"))
        });
        vec![
            ("plan-1-figure", interact, [dice.to_vec(), vec![images("looks/teacher_1"), unoutlined]].concat()),
            ("plan-2-figure", interact, [share.to_vec(), vec![images("doubles/share")]].concat()),
            ("plan-3-figure", labels, vec![three(broad)]),
            ("plan-4-figure", interact, [words.to_vec(), vec![moved, images("words_size/large")]].concat()),
            ("plan-5-figure", bundle, students.to_vec()),
        ]
    }

    #[test]
    fn the_figures_of_the_plan_are_those_of_the_results_that_it_names() {
        let book = file("docs/book/src/lesson.md");
        for (id, name, figures) in expected() {
            for language in &LANGUAGES {
                speak(language);
                let said = Message::named(id.to_owned()).to_string();
                speak(&LANGUAGES[0]);
                assert!(said.contains(name), "{}: {id} names no {name}", language.code);
                for figure in &figures {
                    assert!(said.contains(figure), "{}: {id} lacks {figure}: {said}", language.code);
                }
            }
            assert!(figures.iter().all(|figure| book.contains(figure)), "lesson.md lacks one of {figures:?}");
            assert!(book.contains(name), "lesson.md names no {name}");
        }
    }
}
