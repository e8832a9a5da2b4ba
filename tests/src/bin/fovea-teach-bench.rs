//! What glances teach in the built page, domain by domain: see `cargo xtask bench`. Prints JSON.
//!
//! A script looks: its pointer follows a simulated scanpath, which knows the true mask, for the time of a look.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use fovea_tests::{
    look::look_through_lesson,
    page::Page,
    webdriver::{Adapter, Options},
};
use serde_json::{Value, json};

const LIMIT: Duration = Duration::from_secs(300);
const READY: &str = "document.documentElement.dataset.state === 'ready'";
/// The page's measure of how long its window was busy at once, in ms: tasks above 50 ms.
const WATCH: &str = "window.longest = 0; new PerformanceObserver(list => list.getEntries().forEach(task =>
    window.longest = Math.max(window.longest, task.duration))).observe({ type: 'longtask' })";

fn main() -> Result<()> {
    let mut rows = Vec::new();
    for domain in ["polyp", "skin", "prostate"] {
        let row = taught(domain).with_context(|| format!("teaching {domain}"))?;
        eprintln!("{row}");
        rows.push(row);
    }
    println!("{}", serde_json::to_string_pretty(&rows)?);
    Ok(())
}

/// Teaches a student of a domain, then those of simulated gaze and of true masks.
fn taught(domain: &str) -> Result<Value> {
    let options = Options { adapter: Adapter::None, ..Options::default() };
    let page = Page::open(&options, &format!("device=cpu#domain={domain}"))?;
    page.wait_for("the page", READY, LIMIT)?;
    let press = |selector: &str| page.browser.script(&format!("document.querySelector('{selector}').click()"), &[]);
    page.browser.find("#tab-teach")?.click()?;
    page.browser.script(WATCH, &[])?;
    look_through_lesson(&page, domain)?;
    let start = Instant::now();
    press("#teach-go")?;
    let own = page.wait_for("the student", "window.fovea.state().taught", LIMIT)?;
    let learning = start.elapsed().as_secs_f64();
    press("#teach-go")?;
    let all = "(t => t?.simulated != null && t.outlines != null && t)(window.fovea.state().taught)";
    let beside = page.wait_for("the students beside it", all, LIMIT)?;
    let longest = page.browser.script("return window.longest", &[])?;
    page.expect_no_errors()?;
    Ok(json!({
        "domain": domain, "pictures": own["pictures"], "looked_s": own["looked"], "learning_s": learning,
        "fit": own["fit"], "untrained": own["untrained"], "simulated": beside["simulated"],
        "outlines": beside["outlines"], "longest_task_ms": longest,
        "unseen": page.browser.script("return document.querySelectorAll('#teach-unseen .thumb').length", &[])?,
    }))
}
