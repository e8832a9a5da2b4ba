//! Three people's ways through the built page, step by step, with a picture and the time of each:
//! `fovea-ways <folder> <data>`, as `cargo xtask shots --ways` calls it. A script acts for them; its
//! looks are simulated from the true masks.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use fovea_tests::{
    look::{Reader, VIEWING, look, look_at_case, look_through_lesson},
    page::Page,
    webdriver::{Adapter, Options, Pointer, Screen},
};
use serde_json::Value;

const LIMIT: Duration = Duration::from_secs(300);
const READY: &str = "document.documentElement.dataset.state === 'ready'";
/// Pictures of the annotator, and how many of them are looked at before the student learns.
const OWN: usize = 30;
const LOOKED_AT: usize = 8;

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let usage = "usage: fovea-ways <folder> <data>";
    let folder = PathBuf::from(args.next().context(usage)?);
    let data = PathBuf::from(args.next().context(usage)?);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    annotator(&folder, &data.join("isic"))?;
    teacher(&folder)?;
    stand_visitor(&folder)
}

/// A way: its pictures are numbered.
struct Way<'a> {
    page: Page,
    folder: &'a Path,
    name: &'static str,
    begun: Instant,
    steps: usize,
}

impl<'a> Way<'a> {
    fn begin(name: &'static str, folder: &'a Path, query: &str) -> Result<Self> {
        let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, query)?;
        page.browser.screen(Screen { width: 1440, height: 900, scale: 1.0, phone: false })?;
        page.browser.reload()?;
        Ok(Self { page, folder, name, begun: Instant::now(), steps: 0 })
    }

    /// Waits for what the step shows, takes its picture and says when.
    fn step(&mut self, what: &str, condition: &str) -> Result<()> {
        self.page.wait_for(what, condition, LIMIT)?;
        let drawn = "return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))";
        self.page.browser.script(drawn, &[])?;
        self.steps += 1;
        let file = self.folder.join(format!("{}-{:02}.png", self.name, self.steps));
        println!("{} {:6.1} s  {what}  {}", self.name, self.begun.elapsed().as_secs_f64(), file.display());
        fs::write(&file, self.page.browser.screenshot()?).with_context(|| format!("cannot write {}", file.display()))
    }

    fn press(&self, selector: &str) -> Result<()> {
        self.page.browser.script(&format!("document.querySelector('{selector}').click()"), &[]).map(drop)
    }

    fn value(&self, expression: &str) -> Result<Value> {
        self.page.browser.script(&format!("return {expression}"), &[])
    }
}

/// A visitor of the stand: touches the screen and follows the three acts.
fn stand_visitor(folder: &Path) -> Result<()> {
    let mut way = Way::begin("stand", folder, "device=cpu&kiosk=120")?;
    let plays = |scene: &str| format!("window.fovea?.state().stand === '{scene}'");
    way.step("the loop: the network alone", &plays("alone"))?;
    way.step("the loop: with one glance", &plays("both"))?;
    way.begun = Instant::now();
    way.page.browser.find("#stand-begin")?.tap(Pointer::Touch, (0.3, 0.4))?;
    for (act, seen) in [("look", "looked"), ("one", "one-seen"), ("other", "other-seen")] {
        way.step(act, &format!("{} && {VIEWING}", plays(act)))?;
        look_at_case(&way.page, "polyp", 1)?;
        way.step(seen, &format!("{} && !{VIEWING} && {READY}", plays(seen)))?;
    }
    for glance in 0..3 {
        way.page.wait_for("the glances", &format!("{} && {VIEWING}", plays("glances")), LIMIT)?;
        let line = way.value("document.querySelector('#stand-line').textContent")?;
        look_at_case(&way.page, "polyp", 2 + glance)?;
        let on = format!("document.querySelector('#stand-line').textContent !== {line}");
        way.step(&format!("glance {}", glance + 1), &on)?;
    }
    way.step("learning", "document.documentElement.dataset.stand === 'learn'")?;
    way.step("learnt", &plays("learnt"))
}

/// Somebody with thirty pictures of their own, real ones of the ISIC 2018 test list.
fn annotator(folder: &Path, isic: &Path) -> Result<()> {
    let list = isic.join("splits/test.txt");
    let list = fs::read_to_string(&list).with_context(|| {
        format!("cannot read {}\nremedy: name the folder that holds isic/ in FOVEA_DATA", list.display())
    })?;
    let ids: Vec<&str> = list.split_whitespace().take(OWN).collect();
    let files: Vec<PathBuf> = ids.iter().map(|id| isic.join("images").join(format!("{id}.jpg"))).collect();
    let mut way = Way::begin("annotator", folder, "device=cpu#domain=skin")?;
    way.step("the page", &format!("{READY} && window.fovea.state().domain === 'skin'"))?;
    way.press("#tab-teach")?;
    way.press("#own-open")?;
    way.step("own pictures", "!document.querySelector('#own').hidden")?;
    way.page.browser.find("#own-files")?.upload_all(&files)?;
    let all = format!("document.querySelectorAll('#own-grid .thumb').length === {OWN}");
    way.step("thirty pictures", &format!("{all} && !document.querySelector('#own-go').disabled"))?;
    way.press("#own-go")?;
    for (index, id) in ids.iter().take(LOOKED_AT).enumerate() {
        let mask = isic.join("masks").join(format!("{id}_segmentation.png"));
        let mask = image::open(&mask).with_context(|| format!("cannot read {}", mask.display()))?.to_luma8();
        look(&way.page, &mask, Reader::OfPictures, index as u64 + 1)?;
        let taken = format!("document.querySelectorAll('#own-grid [data-state=taken]').length === {}", index + 1);
        if index == 0 {
            way.step("the first glance", &taken)?;
        } else {
            way.page.wait_for("the glance", &taken, LIMIT)?;
        }
    }
    way.page.wait_for("the viewing", VIEWING, LIMIT)?;
    let escape = "document.querySelector('#stage-canvas').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))";
    way.page.browser.script(escape, &[])?;
    way.step("eight glances", &format!("!{VIEWING} && !document.querySelector('#own-go').disabled"))?;
    way.press("#own-learn")?;
    way.step("learning", "document.querySelector('#own-progress').value > 0.3")?;
    let done = "document.querySelector('#own-result').textContent && document.querySelector('#own-progress').hidden";
    way.step("all thirty outlined", done)?;
    for index in [9, 10, 11] {
        way.press(&format!("#own-grid .thumb:nth-child({index})"))?;
        way.page.wait_for("the picture", "!document.querySelector('#own-accept').disabled", LIMIT)?;
        way.press("#own-accept")?;
    }
    way.step("three accepted", "document.querySelectorAll('#own-grid [data-state=settled]').length === 3")?;
    way.press("#own-grid .thumb:nth-child(12)")?;
    way.page.wait_for("the picture", "!document.querySelector('#own-mend').disabled", LIMIT)?;
    way.press("#own-mend")?;
    way.step("mending", "document.activeElement.id === 'brush-canvas'")?;
    way.press("#brush-done")?;
    way.step("kept", "document.querySelector('#own-kept').textContent")
}

/// A teacher, who drops the files of a class of twenty. Their figures are made up for the picture.
fn teacher(folder: &Path) -> Result<()> {
    let mut way = Way::begin("teacher", folder, "device=cpu")?;
    way.page.wait_for("the page", READY, LIMIT)?;
    way.press("#tab-teach")?;
    look_through_lesson(&way.page, "polyp")?;
    way.step("eight glances", READY)?;
    way.press("#teach-go")?;
    way.step("learnt", "window.fovea.state().taught")?;
    let keep = "window.files = []; const address = URL.createObjectURL;
        URL.createObjectURL = blob => { files.push(blob); return address.call(URL, blob); };
        HTMLAnchorElement.prototype.click = () => {}";
    way.page.browser.script(keep, &[])?;
    way.press("#links-save")?;
    way.page.wait_for("the file", "files.length === 1", LIMIT)?;
    let class = "return (async () => { const own = JSON.parse(await files[0].text()), data = new DataTransfer();
        for (let i = 0; i < 20; i++) {
            const file = structuredClone(own), seconds = 8 + 2 * i;
            file.result.looked_seconds = seconds;
            file.result.fit = 0.3 + 0.5 * (1 - Math.exp(-seconds / 15)) + 0.03 * Math.sin(5 * i);
            data.items.add(new File([JSON.stringify(file)], `student-${i + 1}.fovea-glances.json`));
        }
        for (const kind of ['dragenter', 'dragover', 'drop']) document.querySelector('#stage').dispatchEvent(
            new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data })); })()";
    way.page.browser.script(class, &[])?;
    way.page.wait_for("the class", "document.querySelectorAll('#class-table tr').length >= 20", LIMIT)?;
    let open =
        "const chart = document.querySelector('#class-chart'); chart.closest('details')?.setAttribute('open', '');
        chart.scrollIntoView({ block: 'center' })";
    way.page.browser.script(open, &[])?;
    way.step("the class of twenty", "document.querySelectorAll('#class-chart .dot').length >= 20")
}
