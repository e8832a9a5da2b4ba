//! The built page in a browser of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use xtask::serve::{self, Server};

use crate::webdriver::{Browser, Engine, LogEntry, Options};

/// The built page, served and opened. Dropping it ends the browser, then the server.
pub struct Page {
    /// The browser that shows the page.
    pub browser: Browser,
    /// Its server, where it has one of its own.
    _server: Option<Server>,
    url: String,
    /// What the console has said so far.
    seen: std::cell::RefCell<Vec<LogEntry>>,
}

/// The folder of the built page: `$FOVEA_DIST`, else where xtask builds it to.
///
/// # Errors
/// It has no page in it.
pub fn dist() -> Result<PathBuf> {
    let dist = std::env::var_os("FOVEA_DIST").map_or_else(xtask::paths::dist, PathBuf::from);
    if !dist.join("index.html").is_file() {
        bail!("there is no built page in {}\nremedy: cargo xtask demo --no-serve", dist.display());
    }
    Ok(dist)
}

/// Copies a folder with all that is in it, for tests that damage theirs.
///
/// # Errors
/// A file that cannot be read or written.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("the folder {} cannot be made", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("the folder {} cannot be read", from.display()))? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            fs::copy(&path, &target).with_context(|| format!("{} cannot be copied", path.display()))?;
        }
    }
    Ok(())
}

impl Page {
    /// Serves the built page and opens it; `query` is what follows the `?` in its address, such as `device=cpu`.
    ///
    /// # Errors
    /// The page is not built, or there is no browser.
    pub fn open(options: &Options, query: &str) -> Result<Page> {
        Page::open_folder(&dist()?, options, query)
    }

    /// As [`Page::open`], of a page in another folder.
    ///
    /// # Errors
    /// The folder is missing, or there is no browser.
    pub fn open_folder(dir: &Path, options: &Options, query: &str) -> Result<Page> {
        let page = Page::unopened(dir, options)?;
        page.go(query)?;
        Ok(page)
    }

    /// As [`Page::open_folder`], but for the last step: there is something to be set up in the browser before.
    ///
    /// # Errors
    /// The folder is missing, or there is no browser.
    pub fn unopened(dir: &Path, options: &Options) -> Result<Page> {
        let server = serve::spawn(dir, 0)?;
        let url = server.url();
        Ok(Page { _server: Some(server), ..Page::elsewhere(&url, options)? })
    }

    /// As [`Page::open`], in another engine than Chromium's.
    ///
    /// # Errors
    /// The page is not built, or there is no such browser.
    pub fn open_in(engine: Engine, query: &str) -> Result<Page> {
        let server = serve::spawn(&dist()?, 0)?;
        let (url, browser) = (server.url(), Browser::open_engine(engine)?);
        let page = Page { browser, _server: Some(server), url, seen: Vec::new().into() };
        page.go(query)?;
        Ok(page)
    }

    /// A browser for the page at an address that somebody else serves; [`Page::go`] opens it.
    ///
    /// # Errors
    /// There is no browser.
    pub fn elsewhere(url: &str, options: &Options) -> Result<Page> {
        Ok(Page { browser: Browser::open(options)?, _server: None, url: url.to_owned(), seen: Vec::new().into() })
    }

    /// Opens the page again with another query.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn go(&self, query: &str) -> Result<()> {
        let mark = if query.is_empty() { "" } else { "?" };
        self.browser.go(&format!("{}{mark}{query}", self.url))
    }

    /// The address of the page, with a slash at its end.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Waits until the JavaScript expression `condition` is true (truthy), and returns its value. `what` says in the error
    /// what was waited for.
    ///
    /// # Errors
    /// It has not come true in `limit`: the message holds the last value, the page's text and the console.
    pub fn wait_for(&self, what: &str, condition: &str, limit: Duration) -> Result<Value> {
        let start = Instant::now();
        let script = format!("const value = ({condition}); return [!!value, value === undefined ? null : value];");
        loop {
            let value = self.browser.script(&script, &[]).with_context(|| format!("waiting for {what}"))?;
            if value[0] == true {
                return Ok(value[1].clone());
            }
            if start.elapsed() > limit {
                let text = self.browser.script("return document.body.innerText", &[]).unwrap_or_default();
                let text: String = text.as_str().unwrap_or_default().chars().take(1500).collect();
                // Only Chromium's driver tells what the console says.
                let console = self.console().unwrap_or_default();
                bail!(
                    "waited {limit:?} in vain for {what}\ncondition: {condition}\nlast value: {}\nconsole:\n{console}\npage:\n{text}",
                    value[1],
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Everything the console has said, a line an entry.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn console(&self) -> Result<String> {
        let lines = self.log()?.iter().map(|e| format!("{} {} {}\n", e.level, e.source, e.message)).collect::<String>();
        Ok(if lines.is_empty() { "(nothing)\n".to_owned() } else { lines })
    }

    /// Everything the console has said.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn log(&self) -> Result<Vec<LogEntry>> {
        let mut seen = self.seen.borrow_mut();
        seen.extend(self.browser.log()?);
        Ok(seen.clone())
    }

    /// Fails when the console holds an error: an uncaught exception, a failed request, a `console.error`.
    ///
    /// # Errors
    /// The errors.
    pub fn expect_no_errors(&self) -> Result<()> {
        let errors: String = self
            .log()?
            .iter()
            .filter(|e| e.level == "SEVERE")
            .map(|e| format!("{} {}\n", e.source, e.message))
            .collect();
        if !errors.is_empty() {
            bail!("the console holds errors:\n{errors}");
        }
        Ok(())
    }
}
