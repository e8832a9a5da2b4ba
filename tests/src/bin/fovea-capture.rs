//! One minute of the built page as numbered pictures: `fovea-capture <folder>`, as `cargo xtask capture` calls it. Everything is done to
//! the real page as a visitor would; the file `frames.txt` says how long each picture stays, in ms.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options, Pointer, Screen},
};

const LIMIT: Duration = Duration::from_secs(120);
const SCREEN: Screen = Screen { width: 1180, height: 760, scale: 1.0, phone: false };
/// No picture is taken sooner after the one before.
const EVERY: Duration = Duration::from_millis(180);
/// Two pictures that follow each other closely on the screen; what is slower here, on a CPU without a screen, is shown as fast as this.
const LONGEST: Duration = Duration::from_millis(400);

/// Takes pictures while something goes on.
struct Camera {
    page: Page,
    folder: PathBuf,
    taken: usize,
    last: Instant,
    frames: String,
}

impl Camera {
    /// One picture; the former one stayed until now.
    fn shoot(&mut self) -> Result<()> {
        let wait = EVERY.saturating_sub(self.last.elapsed());
        std::thread::sleep(wait);
        let name = format!("{:04}.png", self.taken);
        let picture = self.page.browser.screenshot()?;
        if self.taken > 0 {
            self.stay(self.last.elapsed().min(LONGEST));
        }
        self.last = Instant::now();
        fs::write(self.folder.join(&name), picture).with_context(|| format!("cannot write {name}"))?;
        self.taken += 1;
        Ok(())
    }

    fn stay(&mut self, time: Duration) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.frames, "{:04}.png {}", self.taken - 1, time.as_millis());
    }

    /// Pictures until the page has come to a state.
    fn until(&mut self, what: &str, condition: &str) -> Result<()> {
        let start = Instant::now();
        let done = |page: &Page| page.browser.script(&format!("return !!({condition})"), &[]);
        while done(&self.page)? != true {
            anyhow::ensure!(start.elapsed() < LIMIT, "waited in vain for {what}");
            self.shoot()?;
        }
        self.shoot()
    }

    /// The last picture stays for so long, to be read.
    fn rest(&mut self, seconds: f64) -> Result<()> {
        self.shoot()?;
        self.stay(Duration::from_secs_f64(seconds));
        // The next picture's time runs from itself on.
        self.last = Instant::now();
        self.shoot()
    }

    fn script(&self, script: &str) -> Result<()> {
        self.page.browser.script(script, &[]).map(drop)
    }

    fn press(&self, selector: &str) -> Result<()> {
        self.script(&format!("document.querySelector('{selector}').click()"))
    }
}

const READY: &str = "document.documentElement.dataset.state === 'ready'";

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).context("usage: fovea-capture <folder>")?);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu")?;
    page.browser.screen(SCREEN)?;
    page.browser.media(&[("prefers-color-scheme", "dark"), ("prefers-reduced-motion", "no-preference")])?;
    page.wait_for("the page", READY, LIMIT)?;
    let mut camera = Camera { page, folder: folder.clone(), taken: 0, last: Instant::now(), frames: String::new() };
    let shown = show(&mut camera);
    camera.stay(Duration::from_secs(2));
    fs::write(Path::new(&folder).join("frames.txt"), &camera.frames).context("cannot write frames.txt")?;
    println!("{} pictures in {}", camera.taken, folder.display());
    shown
}

/// What a visitor would do in a minute.
fn show(camera: &mut Camera) -> Result<()> {
    camera.rest(1.5)?;
    // Two looks.
    for at in [(0.62, 0.45), (0.70, 0.56)] {
        camera.page.browser.find("#stage-canvas")?.press(Pointer::Mouse, at, Duration::from_millis(600))?;
        camera.until("the mask", READY)?;
    }
    camera.rest(1.5)?;
    // As a clinician would look, in time.
    camera.press("#simulate")?;
    camera.until("the scanpath", &format!("{READY} && document.querySelector('#replay-play').ariaPressed === 'false' && window.fovea.state().fixations.length > 4"))?;
    camera.rest(1.5)?;
    // Words.
    camera.press("#tab-words")?;
    let chip = "#phrases li:not([hidden]) .phrase-toggle";
    camera.script(&format!("document.querySelector('{chip}').dispatchEvent(new PointerEvent('pointerover', {{pointerType: 'mouse', bubbles: true}}))"))?;
    camera.rest(2.5)?;
    camera.script("document.querySelector('#phrases').dispatchEvent(new PointerEvent('pointerleave'))")?;
    // Side by side.
    camera.press("#tab-compare")?;
    camera.press("#compare-toggle")?;
    camera.until("the comparison", &format!("{READY} && window.fovea.state().compare?.students.length > 0"))?;
    camera.rest(2.5)?;
    // Two students learn.
    camera.press("#tab-teach")?;
    camera.press("#distil-play")?;
    camera.until("forty steps", "window.fovea.state().live.step >= 40")?;
    camera.press("#distil-play")?;
    camera.rest(2.0)
}
