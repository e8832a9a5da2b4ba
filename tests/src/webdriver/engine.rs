//! Firefox and WebKit, each through its own driver. They speak the WebDriver protocol alone: what
//! needs Chromium's own commands (the console, another screen, being offline) is not to be had.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use fantoccini::wd::Capabilities;
use serde_json::json;
use tempfile::TempDir;

/// A browser engine beside Chromium's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Gecko: Debian's `firefox-esr`, headless.
    Firefox,
    /// Safari's engine: the small browser of Debian's `webkit2gtk-driver`, on a screen of its own.
    WebKit,
}

/// A running driver of another engine; dropping it ends it and all that it has started.
pub(super) struct EngineDriver {
    engine: Engine,
    child: Child,
    port: u16,
    /// The browser's home: removed with its profile.
    _home: TempDir,
}

impl EngineDriver {
    /// Starts the engine's driver on a free port.
    pub(super) fn start(engine: Engine) -> Result<Self> {
        let home = tempfile::Builder::new().prefix("fovea-browser-").tempdir().context("no folder for the browser")?;
        // Neither driver takes port 0 and says which it got.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr().context("there is no free port")?.port();
        let mut command = match engine {
            Engine::Firefox => {
                let driver = xtask::system::geckodriver()
                    .context("there is no geckodriver\nremedy: cargo xtask test --only built, which gets it")?;
                let mut command = Command::new(driver);
                command.arg(format!("--port={port}")).arg("--profile-root").arg(home.path());
                command
            }
            Engine::WebKit => {
                // Without a session bus and a screen the driver waits for both for ever.
                let mut command = Command::new("dbus-run-session");
                command.args(["--", "xvfb-run", "--auto-servernum", "--server-args=-screen 0 1280x800x24"]);
                command.arg("WebKitWebDriver").arg(format!("--port={port}"));
                command.env("WEBKIT_DISABLE_COMPOSITING_MODE", "1").env("LIBGL_ALWAYS_SOFTWARE", "1");
                // Its sandbox needs user namespaces, which containers do not have. It opens our own page only.
                command.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1").env("GDK_BACKEND", "x11");
                command
            }
        };
        command.env("HOME", home.path()).env("XDG_RUNTIME_DIR", home.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        let child = command.spawn().with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let mut driver = Self { engine, child, port, _home: home };
        driver.wait()?;
        Ok(driver)
    }

    /// Waits until it listens: geckodriver says so, WebKit's accepts a connection.
    fn wait(&mut self) -> Result<()> {
        let stdout = self.child.stdout.take().context("the driver has no output")?;
        let mut lines = BufReader::new(stdout);
        if self.engine == Engine::Firefox {
            let mut said = String::new();
            while !said.contains("Listening on") {
                if lines.read_line(&mut said).context("cannot read what geckodriver says")? == 0 {
                    bail!("geckodriver ended at once; it said: {said}");
                }
            }
        } else {
            let start = std::time::Instant::now();
            while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
                if let Some(ended) = self.child.try_wait()? {
                    bail!("WebKitWebDriver ended with {ended}");
                }
                if start.elapsed() > super::LOAD_TIMEOUT {
                    bail!("WebKitWebDriver does not listen");
                }
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
        }
        // Keeps its pipe from filling up; ends with it.
        std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
        Ok(())
    }

    /// The driver's address.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The capabilities of a session.
    pub(super) fn capabilities(&self) -> Result<Capabilities> {
        let json = match self.engine {
            Engine::Firefox => {
                let binary =
                    xtask::system::firefox().context("there is no Firefox\nremedy: apt-get install firefox-esr")?;
                json!({ "browserName": "firefox", "moz:firefoxOptions": { "binary": binary, "args": ["-headless"] } })
            }
            Engine::WebKit => {
                let binary = xtask::system::mini_browser()
                    .context("there is no MiniBrowser\nremedy: apt-get install webkit2gtk-driver")?;
                json!({ "webkitgtk:browserOptions": { "binary": binary, "args": ["--automation"] } })
            }
        };
        serde_json::from_value(json).context("capabilities are an object")
    }
}

impl Drop for EngineDriver {
    fn drop(&mut self) {
        // The whole group: what wraps the driver would leave the browser behind.
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}
