//! A headless browser, driven through its driver: the client is `fantoccini`, made blocking. Mostly it
//! is Chromium; [`Browser::open_engine`] opens others.

mod chrome;
mod element;
mod engine;
mod launch;

use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{InputSource, KeyAction, KeyActions},
    error::CmdError,
    wd::{Capabilities, TimeoutConfiguration, WindowHandle},
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::{runtime, time::timeout};

use chrome::ChromeCommand;
pub use element::{Element, Pointer};
pub use engine::Engine;
use engine::EngineDriver;
use launch::Driver;

/// Longer than any command may take; scripts have their own limit below it.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(330);
/// The most a script may take: WebGPU on a CPU is slow.
const SCRIPT_TIMEOUT: Duration = Duration::from_secs(300);
/// The most a page may take to load.
const LOAD_TIMEOUT: Duration = Duration::from_secs(60);
/// The most a browser may take to end by itself.
const END_TIMEOUT: Duration = Duration::from_secs(10);

/// What `navigator.gpu.requestAdapter()` finds in the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adapter {
    /// A WebGPU adapter that computes on the CPU.
    #[default]
    SwiftShader,
    /// `navigator.gpu` exists, its adapter is null.
    None,
}

/// How to open a browser.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether there is WebGPU.
    pub adapter: Adapter,
    /// Width of the window's content, CSS pixels.
    pub width: u32,
    /// Height of the window's content, CSS pixels.
    pub height: u32,
    /// Whether requests are noted, for [`Browser::requests`].
    pub network: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { adapter: Adapter::SwiftShader, width: 1280, height: 800, network: false }
    }
}

/// The screen that a page is made to see.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// Width, CSS pixels.
    pub width: u32,
    /// Height, CSS pixels.
    pub height: u32,
    /// Device pixels per CSS pixel.
    pub scale: f64,
    /// A phone: touch instead of a mouse, the viewport's meta tag is heeded, overlay scroll bars.
    pub phone: bool,
}

/// A line of the browser's console.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// `SEVERE`, `WARNING`, `INFO` or `DEBUG`.
    pub level: String,
    /// `console-api`, `javascript`, `network`, `security`, ..
    pub source: String,
    /// The text, with the place it came from in front.
    pub message: String,
}

/// A browser of its own: fresh profile, own driver. Dropping it ends both.
pub struct Browser {
    client: Client,
    /// What runs the client's calls, one at a time.
    runtime: runtime::Runtime,
    /// Dropped last.
    driver: Running,
}

/// The driver of a browser, kept for its end.
enum Running {
    Chromium { driver: Driver },
    Other { _driver: EngineDriver },
}

impl Browser {
    /// Starts chromedriver and a headless Chromium.
    ///
    /// # Errors
    /// One of them is not installed or does not start.
    pub fn open(options: &Options) -> Result<Browser> {
        let driver = Driver::start()?;
        let (url, wanted) = (driver.url(), driver.capabilities(options)?);
        let browser = Browser::connect(&url, wanted, Running::Chromium { driver })?;
        browser.screen(Screen { width: options.width, height: options.height, scale: 1.0, phone: false })?;
        Ok(browser)
    }

    /// Starts another engine's driver and browser.
    ///
    /// # Errors
    /// One of them is not installed or does not start.
    pub fn open_engine(engine: Engine) -> Result<Browser> {
        let driver = EngineDriver::start(engine)?;
        let (url, wanted) = (driver.url(), driver.capabilities()?);
        Browser::connect(&url, wanted, Running::Other { _driver: driver })
    }

    /// Opens a session of a driver.
    fn connect(url: &str, wanted: Capabilities, driver: Running) -> Result<Browser> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build().context("cannot start a runtime")?;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wanted);
        let client = runtime
            .block_on(async { timeout(COMMAND_TIMEOUT, builder.connect(url)).await })
            .context("the browser's driver does not answer")?
            .context("the browser's driver opens no browser")?;
        let browser = Browser { client, runtime, driver };
        let timeouts = TimeoutConfiguration::new(Some(SCRIPT_TIMEOUT), Some(LOAD_TIMEOUT), Some(Duration::ZERO));
        browser.wait(browser.client.update_timeouts(timeouts)).context("setting the timeouts")?;
        Ok(browser)
    }

    /// Waits for the answer to a command.
    fn wait<T>(&self, command: impl Future<Output = Result<T, CmdError>>) -> Result<T> {
        let answer = self.runtime.block_on(async { timeout(COMMAND_TIMEOUT, command).await });
        answer.with_context(|| format!("no answer from the browser's driver in {COMMAND_TIMEOUT:?}"))?.map_err(|e| {
            match e {
                // Behind this mark of the message comes the driver's own stack.
                CmdError::Standard(e) => {
                    anyhow!("{}: {}", e.error, e.message.split("\n#0 ").next().unwrap_or_default().trim_end())
                }
                other => other.into(),
            }
        })
    }

    /// Opens an address and waits for its `load` event.
    ///
    /// # Errors
    /// The page cannot be loaded.
    pub fn go(&self, url: &str) -> Result<()> {
        self.wait(self.client.goto(url)).with_context(|| format!("opening {url}"))
    }

    /// Loads the page again.
    ///
    /// # Errors
    /// The page cannot be loaded.
    pub fn reload(&self) -> Result<()> {
        self.wait(self.client.refresh()).context("loading the page again")
    }

    /// The title of the page.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn title(&self) -> Result<String> {
        self.wait(self.client.title()).context("reading the title")
    }

    /// The tab that commands go to.
    ///
    /// # Errors
    /// It is closed.
    pub fn tab(&self) -> Result<WindowHandle> {
        self.wait(self.client.window()).context("asking for the tab")
    }

    /// Opens a tab; [`Browser::switch_to`] goes there.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn new_tab(&self) -> Result<WindowHandle> {
        Ok(self.wait(self.client.new_window(true)).context("opening a tab")?.handle)
    }

    /// Lets commands go to a tab from now on.
    ///
    /// # Errors
    /// It is closed.
    pub fn switch_to(&self, tab: &WindowHandle) -> Result<()> {
        self.wait(self.client.switch_to_window(tab.clone())).context("switching to a tab")
    }

    /// Closes the tab that commands go to; [`Browser::switch_to`] has to follow.
    ///
    /// # Errors
    /// It is closed already.
    pub fn close_tab(&self) -> Result<()> {
        self.wait(self.client.close_window()).context("closing a tab")
    }

    /// The first element that a CSS selector finds.
    ///
    /// # Errors
    /// There is none.
    pub fn find(&self, css: &str) -> Result<Element<'_>> {
        let element = self.wait(self.client.find(Locator::Css(css)));
        Ok(Element::new(self, element.with_context(|| format!("looking for `{css}`"))?, css))
    }

    /// All elements that a CSS selector finds, in the order of the document.
    ///
    /// # Errors
    /// The selector is malformed.
    pub fn find_all(&self, css: &str) -> Result<Vec<Element<'_>>> {
        let elements = self.wait(self.client.find_all(Locator::Css(css)));
        let elements = elements.with_context(|| format!("looking for `{css}`"))?;
        Ok(elements.into_iter().map(|element| Element::new(self, element, css)).collect())
    }

    /// Runs the body of a function in the page and returns its result; a promise is awaited. The arguments are in
    /// `arguments`; an element goes in as [`Element::reference`].
    ///
    /// # Errors
    /// The script throws, or its promise is rejected.
    pub fn script(&self, script: &str, args: &[Value]) -> Result<Value> {
        let value = self.wait(self.client.execute(script, args.to_vec()));
        value.with_context(|| format!("running the script `{script}`"))
    }

    /// What is to be seen of the page, as a PNG.
    ///
    /// # Errors
    /// The browser cannot draw.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        self.wait(self.client.screenshot()).context("taking a picture of the page")
    }

    /// The entries of one of chromedriver's logs since the last call.
    fn entries(&self, name: &'static str) -> Result<Vec<Value>> {
        let entries = self.wait(self.client.issue_cmd(ChromeCommand::Log(name)));
        let entries = entries.with_context(|| format!("reading the log `{name}`"))?;
        serde_json::from_value(entries).with_context(|| format!("the log `{name}` is not a list"))
    }

    /// The console since the last call: messages of the page and of its workers, uncaught errors, failed requests.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn log(&self) -> Result<Vec<LogEntry>> {
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let entry =
            |e: &Value| LogEntry { level: text(e, "level"), source: text(e, "source"), message: text(e, "message") };
        Ok(self.entries("browser")?.iter().map(entry).collect())
    }

    /// Calls the Chrome DevTools Protocol.
    ///
    /// # Errors
    /// The browser refuses the call.
    pub fn devtools(&self, method: &str, params: &Value) -> Result<Value> {
        let command = ChromeCommand::DevTools { method: method.to_owned(), params: params.clone() };
        self.wait(self.client.issue_cmd(command)).with_context(|| format!("DevTools {method}"))
    }

    /// Runs a script in every page that is opened from now on, before any script of its own.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn before_scripts(&self, script: &str) -> Result<()> {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({"source": script})).map(drop)
    }

    /// Memory of the browser with all its processes, in bytes; what several of them share counts once. Only of Chromium.
    ///
    /// # Errors
    /// Another engine, or a machine that does not tell.
    pub fn memory(&self) -> Result<u64> {
        match &self.driver {
            Running::Chromium { driver } => driver.memory(),
            Running::Other { .. } => Err(anyhow!("only Chromium's processes are known")),
        }
    }

    /// The addresses that the page has asked for since the last call, whatever came of it. Needs [`Options::network`].
    ///
    /// # Errors
    /// The browser is gone, or was opened without that option.
    pub fn requests(&self) -> Result<Vec<String>> {
        let address = |entry: &Value| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let message = &message["message"];
            let sent =
                message["method"] == "Network.requestWillBeSent" || message["method"] == "Network.webSocketCreated";
            let url = message["params"]["request"]["url"].as_str().or_else(|| message["params"]["url"].as_str())?;
            sent.then(|| url.to_owned())
        };
        Ok(self.entries("performance")?.iter().filter_map(address).collect())
    }

    /// Makes the page see another screen.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn screen(&self, screen: Screen) -> Result<()> {
        let Screen { width, height, scale, phone } = screen;
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone});
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics)?;
        let touch = json!({"enabled": phone, "maxTouchPoints": if phone { 5 } else { 1 }});
        self.devtools("Emulation.setTouchEmulationEnabled", &touch).map(drop)
    }

    /// Sets media features, such as `("prefers-color-scheme", "dark")` or `("prefers-reduced-motion", "reduce")`, in the
    /// place of those set before.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn media(&self, features: &[(&str, &str)]) -> Result<()> {
        let features: Vec<Value> = features.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        self.devtools("Emulation.setEmulatedMedia", &json!({"features": features})).map(drop)
    }

    /// Cuts the page off from the network, or lets it have it again.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn offline(&self, offline: bool) -> Result<()> {
        self.devtools("Network.enable", &json!({}))?;
        let conditions = json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.devtools("Network.emulateNetworkConditions", &conditions).map(drop)
    }

    /// Performs a sequence of input actions and lets go of everything that is still pressed.
    fn actions(&self, actions: impl Into<fantoccini::actions::Actions>) -> Result<()> {
        self.wait(self.client.perform_actions(actions)).context("performing actions")?;
        self.wait(self.client.release_actions()).context("releasing keys and buttons")
    }

    /// Presses a key combination, such as `&["Control", "z"]` or `&["Delete"]`, wherever the focus is.
    ///
    /// # Errors
    /// A key is not known.
    pub fn keys(&self, combination: &[&str]) -> Result<()> {
        let keys = combination.iter().map(|name| element::key(name)).collect::<Result<Vec<char>>>()?;
        let down = keys.iter().map(|&value| KeyAction::Down { value });
        let up = keys.iter().rev().map(|&value| KeyAction::Up { value });
        self.actions(down.chain(up).fold(KeyActions::new("keyboard".into()), InputSource::then))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The polite way first; the driver's own end makes sure of it.
        let end = self.client.clone().close();
        let _ = self.runtime.block_on(async { timeout(END_TIMEOUT, end).await });
    }
}
