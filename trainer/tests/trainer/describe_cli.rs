//! `fovea describe` through the binary: answers become records, and files are imported.

use std::{fs, path::Path};

use crate::describe_lab::{Lab, fails, passes};
use crate::fake::{answer, good, good_server, server};
use base64::{Engine, prelude::BASE64_STANDARD};
use fovea_shared::description::{Field, Source};
use fovea_test_support::chat::{ChatServer, Reply};
use serde_json::json;

#[test]
fn answers_in_any_dress_become_records() {
    let lab = Lab::new();
    let fake = server(|n, _| match n {
        0 => Reply::says(format!("```json\n{}\n```", answer())),
        1 => Reply::says(format!("I see this: {} Does it help?", answer())),
        2 => Reply::message(&json!({ "content": answer(), "reasoning_content": "Is it {round}?" }), "stop"),
        3 => Reply::says(json!([{ "type": "text", "text": answer() }])),
        _ => good(),
    });
    let text = passes(lab.describe(&fake.url(), ""));
    assert!(text.contains("6 answered, 0 from the cache, 0 there already, 0 failed"), "{text}");
    let records = lab.records();
    assert_eq!(records.len(), 6);
    for (id, record) in &records {
        assert_eq!((id, &record.description.source), (&record.id, &Source::Vlm("m".into())));
        assert_eq!(record.description.get(Field::Shape).unwrap().name, "round");
        assert_eq!(record.image_sha256.as_ref().unwrap().len(), 64);
        let asked = record.asked.as_ref().unwrap();
        assert_eq!(
            (&asked.model, &asked.server, &asked.prompt),
            (&"fake-1".into(), &fake.url(), &"describe-v1".into())
        );
        assert!(asked.date.parse::<jiff::Timestamp>().is_ok(), "{}", asked.date);
    }
    let seen = fake.requests();
    assert_eq!(seen.len(), 6);
    for request in &seen {
        assert_eq!(request.path, "/v1/chat/completions");
        assert_eq!((&request.body["model"], &request.authorization), (&"m".into(), &None));
        assert_eq!(request.body["response_format"]["json_schema"]["strict"], true);
        let image = request.image();
        let bytes = BASE64_STANDARD.decode(image.strip_prefix("data:image/jpeg;base64,").unwrap()).unwrap();
        assert_eq!(fovea_shared::image::decode(&bytes).unwrap().dimensions(), (96, 80));
    }
}

#[test]
fn what_fails_is_named_and_the_rest_is_kept() {
    let lab = Lab::new();
    let fake = server(|n, _| match n {
        0 => Reply::says("{\"shape\": \"round\", "),
        1 => Reply::message(&json!({ "content": "{\"shape\": \"ro" }), "length"),
        2 => Reply::message(&json!({ "content": null, "refusal": "I will not look at this." }), "stop"),
        3 => Reply::error(400, "Failed to load image or audio file"),
        4 => Reply::says("I am sorry, I cannot help with that."),
        _ => good(),
    });
    let text = fails(lab.describe(&fake.url(), ""));
    for (i, words) in ["breaks off in the middle", "--max-tokens", "I will not look", "Failed to load image", "prose"]
        .iter()
        .enumerate()
    {
        let line = text.lines().find(|l| l.trim_start().starts_with(&format!("polyp-4-0000{i}: "))).unwrap();
        assert!(line.contains(words), "{words} in {line}");
    }
    assert!(text.contains("5 failed") && text.contains("Run the same command again"), "{text}");
    assert_eq!(fake.requests().len(), 6, "an answer is not asked for again");
    assert_eq!(lab.records().into_keys().collect::<Vec<_>>(), ["polyp-4-00005"]);
    // Only what is missing is asked for when it is run again.
    let well = good_server();
    let text = passes(lab.describe(&well.url(), ""));
    assert!(text.contains("5 answered, 0 from the cache, 1 there already"), "{text}");
    assert_eq!((well.requests().len(), lab.records().len()), (5, 6));
}

#[test]
fn drafts_and_cut_answers_are_not_kept() {
    let lab = Lab::new();
    let draft = answer().replace("round", "oval");
    let fake = server(move |n, _| match n {
        0 => Reply::says(format!("<think>First idea: {draft}. But")),
        1 => Reply::says(&answer()[..200]),
        2 => Reply::says(answer().replace("\"round\"", "\"like a kidney bean\"")),
        3 => Reply::says(format!("[{draft},{}]", answer())),
        4 => Reply::says(format!("<think>{draft}</think>{}", answer())),
        _ => Reply::says(answer().replace("\"round\"", "\"Round\"").replace(":0.5", ":\"50 %\"")),
    });
    let text = fails(lab.describe(&fake.url(), ""));
    let expected = ["drafts are not taken", "--max-tokens", "`like a kidney bean`", "2 descriptions that differ"];
    for (i, words) in expected.iter().enumerate() {
        let line = text.lines().find(|l| l.trim_start().starts_with(&format!("polyp-4-0000{i}: "))).unwrap();
        assert!(line.contains(words), "{words} in {line}");
    }
    let records = lab.records();
    assert_eq!(records.keys().collect::<Vec<_>>(), ["polyp-4-00004", "polyp-4-00005"]);
    for record in records.values() {
        assert_eq!(record.description.get(Field::Shape).unwrap().name, "round");
        assert!((record.description.confidence - 0.5).abs() < 1e-6);
    }
}

#[test]
fn a_dry_run_shows_the_request_and_sends_nothing() {
    let lab = Lab::new();
    let fake = good_server();
    let mut command = lab.describe(&fake.url(), "--dry-run --gaze text --max-tokens 77");
    command.env("FOVEA_API_KEY", "sk-test-7f3a9c51d2");
    let text = passes(command);
    for words in
        ["/v1/chat/completions", "Bearer (from the environment)", "\"max_tokens\": 77", "not_assessable", " ms\\n"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("/9j/") && !text.contains("sk-test"), "{text}");
    assert_eq!(fake.requests().len(), 0);
    assert!(!lab.path("out.jsonl").exists() && !lab.path("cache").exists());
}

#[test]
fn the_only_model_need_not_be_named() {
    let lab = Lab::new();
    let models = |names: &'static [&'static str]| {
        server(move |_, request| {
            if request.path == "/v1/models" {
                let data: Vec<_> = names.iter().map(|name| json!({ "id": name, "object": "model" })).collect();
                return Reply::new(200, json!({ "object": "list", "data": data }).to_string());
            }
            good()
        })
    };
    let run = |fake: &ChatServer| {
        let mut command = lab.command(&["describe", "--source", "vlm", "--limit", "1", "--data"]);
        command.arg(lab.path("set")).arg("--out").arg(lab.path("out.jsonl")).args(["--base-url", &fake.url()]);
        command
    };
    let text = fails(run(&models(&["llava:7b", "qwen2.5vl:7b"])));
    assert!(text.contains("--model: llava:7b, qwen2.5vl:7b"), "{text}");
    assert!(fails(run(&models(&[]))).contains("has no model"));
    passes(run(&models(&["qwen2.5vl:7b"])));
    assert_eq!(lab.records()["polyp-4-00000"].description.source, Source::Vlm("qwen2.5vl:7b".into()));
}

#[test]
fn files_are_imported_whole_or_not_at_all() {
    let lab = Lab::new();
    let import = |file: &Path, more: &str| {
        let mut command = lab.command(&["describe", "--source", "import", "--data"]);
        command.arg(lab.path("set")).arg("--out").arg(lab.path("out.jsonl")).arg("--file").arg(file);
        command.args(more.split_whitespace());
        command
    };
    let file = lab.path("given.jsonl");
    let line = |id: &str, colour: &str| {
        let fields = format!("\"schema\":1,\"modality\":\"polyp\",\"source\":\"clinician\",\"colour\":\"{colour}\"");
        format!("{{\"id\":\"{id}\",\"description\":{{{fields}}}}}\n")
    };
    fs::write(&file, line("polyp-4-00001", "red") + &line("polyp-4-00003", "mauve")).unwrap();
    let text = fails(import(&file, ""));
    assert!(text.contains("line 2") && text.contains("`colour`") && text.contains("mauve"), "{text}");
    assert!(!lab.path("out.jsonl").exists());
    fs::write(&file, line("polyp-4-00001", "red") + &line("polyp-4-00003", "pink")).unwrap();
    assert!(passes(import(&file, "")).contains("2 described"));
    assert!(passes(import(&file, "--ids polyp-4-00003")).contains("0 described, 0 from the cache, 1 there already"));
    // What the command wrote can be imported again.
    fs::copy(lab.path("out.jsonl"), lab.path("again.jsonl")).unwrap();
    fs::remove_file(lab.path("out.jsonl")).unwrap();
    assert!(passes(import(&lab.path("again.jsonl"), "--split phantom")).contains("2 described"));
    assert_eq!(lab.records()["polyp-4-00001"].description.get(Field::Colour).unwrap().name, "red");

    let csv = lab.path("llava.csv");
    fs::write(&csv, "roi_name,text\npolyp-4-00002.jpg,\"{\"\"number\"\": 1, \"\"color\"\": \"\"red\"\"}\"\n").unwrap();
    passes(import(&csv, ""));
    let record = &lab.records()["polyp-4-00002"];
    assert_eq!(record.description.source, Source::Vlm("llava".into()));
    assert!(record.caveat.is_some() && record.image_sha256.is_some());
    fs::write(&csv, "roi_name,text\nstranger.jpg,\"{\"\"number\"\": 1}\"\n").unwrap();
    assert!(fails(import(&csv, "")).contains("`stranger`"));
}
