//! What the tests of `fovea describe` work with.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use fovea_trainer::describe::store;
use tempfile::TempDir;

/// Six small phantoms and room for files; a user with no keys, no proxies and an empty cache.
pub(crate) struct Lab {
    pub(crate) folder: TempDir,
}

impl Lab {
    pub(crate) fn new() -> Self {
        let lab = Self { folder: TempDir::new().unwrap() };
        let text = "data phantom --count 6 --seed 4 --size 96x80 --test-fraction 0.34 --out";
        let drawn =
            lab.command(&text.split(' ').chain([lab.text("set").as_str()]).collect::<Vec<_>>()).output().unwrap();
        assert!(drawn.status.success(), "{}", both(&drawn));
        lab
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fovea"));
        command.args(arguments).env("XDG_CACHE_HOME", self.path("cache")).stdin(Stdio::null());
        for name in
            ["FOVEA_API_KEY", "OPENAI_API_KEY", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "RUST_LOG"]
        {
            command.env_remove(name);
        }
        command
    }

    /// `fovea describe --source vlm` into `out.jsonl`, with more arguments separated by blanks.
    pub(crate) fn describe(&self, url: &str, more: &str) -> Command {
        let mut command = self.command(&["describe", "--source", "vlm", "--base-url", url, "--data"]);
        command.arg(self.path("set")).arg("--out").arg(self.path("out.jsonl"));
        if !more.contains("--model") {
            command.args(["--model", "m"]);
        }
        command.args(more.split_whitespace());
        command
    }

    pub(crate) fn records(&self) -> BTreeMap<String, store::Record> {
        store::read(&self.path("out.jsonl")).unwrap()
    }
}

pub(crate) fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

pub(crate) fn passes(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", both(&output));
    both(&output)
}

pub(crate) fn fails(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", both(&output));
    both(&output)
}

/// An address of this machine where nobody listens.
pub(crate) fn nobody() -> String {
    format!("http://{}/v1", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap())
}
