//! A protocol test: `fovea describe` against a real llama.cpp server whose model has random weights.
//!
//! Its words are meaningless. What is checked is that llama.cpp takes the request, holds the answer
//! to our JSON schema, that what it answers is read, and that what it refuses is understood.

use std::{
    collections::BTreeSet,
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use fovea_shared::description::{
    Modality, Source,
    vlm::{AnswerError, Canary, GazeHint, prompt, request_body},
};
use fovea_trainer::describe::{
    cache::Entry,
    client::{Client, Settings},
    store,
};
use tempfile::TempDir;

/// The server, which ends when its standard input does.
struct Server {
    child: Child,
    url: String,
    model: String,
}

impl Server {
    fn start() -> Self {
        let python = env::var_os("FOVEA_PROTOCOL_PYTHON").expect(
            "FOVEA_PROTOCOL_PYTHON is not set: it names a Python with xllamacpp, gguf and numpy. Run `cargo xtask \
             test`, which makes one",
        );
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tools/protocol_server.py");
        let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["listening", address, model] = words[..] else {
            panic!("the protocol server said {line:?} and {:?}; see its errors above", child.wait())
        };
        Self { url: format!("{address}/v1"), model: model.to_string(), child }
    }

    fn client(&self) -> Client {
        let timeout = Duration::from_secs(120);
        Client::new(Settings { base_url: self.url.clone(), timeout, retries: 0, allow_remote: false }).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn fovea(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_fovea"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("FOVEA_API_KEY")
        .env_remove("OPENAI_API_KEY")
        .output()
        .unwrap();
    (
        output.status.code(),
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)),
    )
}

#[test]
fn protocol_llama_cpp_answers_in_our_schema() {
    let server = Server::start();
    let folder = TempDir::new().unwrap();
    let (code, text) =
        fovea(&folder, &["data", "phantom", "--count", "2", "--seed", "4", "--size", "96x80", "--out", "set"]);
    assert_eq!(code, Some(0), "{text}");
    for (modality, gaze) in [(Modality::Polyp, "drawn"), (Modality::SkinLesion, "text"), (Modality::Prostate, "none")] {
        let name = modality.name().replace('_', "-");
        let out = format!("{name}.jsonl");
        let line = format!(
            "describe --data set --source vlm --base-url {} --cache answers-{name} --modality {name} --gaze {gaze} \
             --out {out} --concurrency 2 --timeout 120",
            server.url
        );
        let arguments: Vec<&str> = line.split_whitespace().collect();
        let (code, text) = fovea(&folder, &arguments);
        // Every answer is a description: the schema leaves no room for another. (Random words may
        // contradict each other, which a grammar cannot forbid; of these fields only those of skin
        // lesions can.)
        let records = store::read(&folder.path().join(&out)).unwrap();
        let contradicted = text.matches("contradicts itself or another").count();
        assert!(modality == Modality::SkinLesion || code == Some(0), "{text}");
        assert_eq!(records.len() + contradicted, 2, "{text}");
        for record in records.values() {
            // The model was not named: it is the only one that the server has.
            assert_eq!(record.description.source, Source::Vlm(server.model.clone()));
            assert_eq!(record.description.modality, modality);
            let tenths = f64::from(record.description.confidence) * 10.0;
            assert!((tenths - tenths.round()).abs() < 1e-5, "{tenths}");
        }
        let entries = entries(&folder.path().join(format!("answers-{name}")));
        assert_eq!(entries.len(), records.len());
        for entry in &entries {
            assert_eq!((&entry.model, &entry.server), (&server.model, &server.url));
            // Random weights say the canary's word because the schema leaves no other.
            assert_eq!(entry.schema, Some(Canary::Obeyed));
            // A token is a byte here: the prompt was read whole, and sixteen tokens of image with it.
            let raw: serde_json::Value = serde_json::from_str(&entry.raw).unwrap();
            let tokens = raw["usage"]["prompt_tokens"].as_u64().unwrap() as usize;
            assert!(tokens >= prompt(modality, &GazeHint::None).len() + 16, "{tokens}");
            assert_eq!(raw["choices"][0]["finish_reason"], "stop");
        }
        let (code, text) = fovea(&folder, &arguments);
        assert!(text.contains(&format!("{} there already", records.len())) && code.is_some(), "{text}");
    }
}

fn entries(folder: &PathBuf) -> Vec<Entry> {
    let files: BTreeSet<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.iter().map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap()).collect()
}

#[test]
fn protocol_llama_cpp_refuses_and_is_understood() {
    let server = Server::start();
    let client = server.client();
    assert_eq!(client.models().unwrap(), [server.model.as_str()]);
    let ask = |client: &Client, body: &serde_json::Value| {
        client.ask(body, Modality::Polyp, &server.model, |_| {}).unwrap_err()
    };
    // A picture that is none.
    let body = request_body(&server.model, Modality::Polyp, "data:image/jpeg;base64,AAAA", &GazeHint::None);
    let error = ask(&client, &body);
    assert!(matches!(error, AnswerError::BadRequest { status: 400, .. }), "{error}");
    assert!(error.to_string().contains("image"), "{error}");
    // Too few tokens.
    let folder = TempDir::new().unwrap();
    let picture = fovea_shared::description::vlm::encode_picture(&image::RgbImage::new(64, 64)).unwrap();
    let url = {
        use base64::{Engine, prelude::BASE64_STANDARD};
        format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(picture))
    };
    let mut body = request_body(&server.model, Modality::Polyp, &url, &GazeHint::None);
    body["max_tokens"] = 20.into();
    assert_eq!(ask(&client, &body), AnswerError::Cut);
    // No schema: random bytes are not a description, whatever they are.
    let mut free = fovea_shared::description::vlm::without_schema(body.clone());
    free["max_tokens"] = 60.into();
    let error = ask(&client, &free);
    assert!(
        matches!(
            error,
            AnswerError::Cut
                | AnswerError::BreaksOff { .. }
                | AnswerError::Prose { .. }
                | AnswerError::BrokenJson { .. }
                | AnswerError::Empty { .. }
        ),
        "{error}"
    );
    // A schema that is none is refused, and the question is asked once without it.
    body["response_format"]["json_schema"]["schema"] = serde_json::json!({ "type": "stringy" });
    let error = ask(&client, &body);
    assert!(error.is_of_the_model(), "{error}");
    // A path that is none.
    let astray = Client::new(Settings {
        base_url: format!("{}/not/here", server.url),
        timeout: Duration::from_secs(30),
        retries: 0,
        allow_remote: false,
    });
    assert!(matches!(ask(&astray.unwrap(), &body), AnswerError::NotFound { .. }));
    drop(folder);
    // Gone.
    let url = server.url.clone();
    drop(server);
    let gone =
        Client::new(Settings { base_url: url, timeout: Duration::from_secs(5), retries: 0, allow_remote: false })
            .unwrap();
    let error = gone.ask(&body, Modality::Polyp, "m", |_| {}).unwrap_err();
    assert!(matches!(error, AnswerError::Unreachable { .. }), "{error}");
}
