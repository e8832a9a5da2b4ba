//! `fovea describe` through the binary, against servers that answer well, badly, slowly or not at all.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use crate::describe_lab::{Lab, both, fails, nobody, passes};
use crate::fake::{answer, good, good_server, server};
use crate::wait::wait_until;
use base64::{Engine, prelude::BASE64_STANDARD};
use fovea_shared::description::{
    Field, Source,
    vlm::{self, Canary},
};
use fovea_test_support::chat::{ChatServer, Reply, Request};
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

/// Whether a request is the question about schemas itself.
fn is_canary(request: &Request) -> bool {
    vlm::is_canary(&request.body)
}

#[test]
fn what_a_server_does_with_schemas_is_found_out_once_and_kept() {
    let lab = Lab::new();
    let says = |reply: fn(&Request) -> Reply| {
        ChatServer::start_with_canaries(move |_, request| if is_canary(request) { reply(request) } else { good() })
            .unwrap()
    };
    let run = |fake: &ChatServer, more: &str| {
        let _ = fs::remove_file(lab.path("out.jsonl"));
        let text = passes(lab.describe(&fake.url(), &format!("--no-cache {more}")));
        let schemas: BTreeSet<_> = lab.records().into_values().map(|r| r.asked.unwrap().schema).collect();
        let canaries = fake.requests().iter().filter(|r| is_canary(r)).count();
        (text, schemas.into_iter().collect::<Vec<_>>(), canaries)
    };
    let word = |request: &Request| {
        let schema = &request.body["response_format"]["json_schema"]["schema"];
        Reply::says(json!({ "word": schema["properties"]["word"]["enum"][0] }).to_string())
    };
    let (text, schemas, canaries) = run(&says(word), "--concurrency 3");
    assert_eq!((schemas, canaries), (vec![Some(Canary::Obeyed)], 1));
    assert!(text.contains("holds answers to the schema"), "{text}");
    let (text, schemas, canaries) = run(&says(|_| Reply::says("{\"word\": \"red\"}")), "");
    assert_eq!((schemas, canaries), (vec![Some(Canary::Ignored)], 1));
    assert!(text.contains("passes over the schema"), "{text}");
    let (text, schemas, _) = run(&says(|_| Reply::error(429, "busy")), "");
    assert_eq!(schemas, [None], "{text}");
    let (_, schemas, canaries) = run(&says(word), "--no-schema");
    assert_eq!((schemas, canaries), (vec![None], 0));
    // What is cached is asked neither about itself nor about schemas.
    let fake = says(word);
    let cached = |fake: &ChatServer| {
        let _ = fs::remove_file(lab.path("out.jsonl"));
        passes(lab.describe(&fake.url(), ""));
        (fake.requests().len(), lab.records()["polyp-4-00000"].asked.clone().unwrap().schema)
    };
    assert_eq!(cached(&fake).0, 0, "--no-cache has written the cache");
    assert_eq!(cached(&fake).1, None, "that of the last run, which had the key of this question");
}

#[test]
fn a_server_that_fails_with_a_schema_is_asked_without() {
    for (status, said, questions) in [
        // Known after the first image; an HTTP 500 may pass by itself and is tried every time.
        (400, "'response_format.type' must be 'json_object' or 'text'", 3),
        (422, "Extra inputs are not permitted", 3),
        (500, "grammar could not be compiled", 4),
    ] {
        let lab = Lab::new();
        let fake = ChatServer::start_with_canaries(move |_, request| {
            if request.body.get("response_format").is_some() { Reply::error(status, said) } else { good() }
        })
        .unwrap();
        let text = passes(lab.describe(&fake.url(), "--limit 2"));
        assert!(text.contains("--no-schema") && text.contains(said), "{text}");
        let seen = fake.requests();
        assert_eq!(seen.iter().filter(|r| !is_canary(r)).count(), questions, "{status}");
        assert!(lab.records().values().all(|r| r.asked.as_ref().unwrap().schema == Some(Canary::Refused)));
        // The answers are those of questions without a schema, and are found again as such.
        fs::remove_file(lab.path("out.jsonl")).unwrap();
        passes(lab.describe(&nobody(), "--limit 2 --no-schema"));
        // What is wrong with the request itself is not the schema's fault.
        let bad = server(|_, _| Reply::error(400, "Failed to load image or audio file"));
        fails(lab.describe(&bad.url(), "--again --no-cache --limit 1"));
        assert_eq!(bad.requests().len(), 1);
    }
}

#[test]
fn a_wrong_key_ends_it_and_is_shown_nowhere() {
    let lab = Lab::new();
    let key = "sk-test-7f3a9c51d2";
    let fake = server(|_, request| {
        // As some servers do, the key is repeated.
        Reply::error(401, &format!("Incorrect key: {}", request.authorization.clone().unwrap_or_default()))
    });
    for status in ["first", "second"] {
        let mut command = lab.describe(&fake.url(), "--verbose");
        command.env("FOVEA_API_KEY", key).env("OPENAI_API_KEY", "sk-other-key").env("RUST_LOG", "trace");
        let text = fails(command);
        assert!(text.contains("HTTP 401") && text.contains("FOVEA_API_KEY") && text.contains("[key]"), "{text}");
        assert!(text.contains("5 more were not tried"), "{text}");
        assert!(!text.contains(key) && !text.contains("sk-other"), "{status}: {text}");
    }
    let seen = fake.requests();
    assert_eq!(seen.len(), 2, "one question a run: all others would fail alike");
    assert_eq!(seen[0].authorization, Some(format!("Bearer {key}")));

    // The key is not in what is kept either, even when a server puts it into a good answer.
    let fake = server(|_, request| {
        let mut reply = good();
        reply.body = reply
            .body
            .replace("fake-1\"", &format!("fake-1\",\"x\":\"{}\"", request.authorization.clone().unwrap_or_default()));
        reply
    });
    let mut command = lab.describe(&fake.url(), "");
    command.env("OPENAI_API_KEY", key);
    assert!(!passes(command).contains(key));
    assert_eq!(fake.requests()[0].authorization, Some(format!("Bearer {key}")));
    let answers = lab.path("cache/fovea/answers");
    let mut kept = fs::read_to_string(lab.path("out.jsonl")).unwrap();
    for entry in fs::read_dir(&answers).unwrap() {
        kept += &fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    assert!(kept.contains("fake-1") && kept.contains("[key]") && !kept.contains(key), "{kept}");
    // An empty variable means no key, and hides the other one.
    let mut command = lab.describe(&fake.url(), "--again --no-cache --limit 1");
    command.env("FOVEA_API_KEY", "").env("OPENAI_API_KEY", key);
    let before = fake.requests().len();
    let output = command.output().unwrap();
    assert_eq!(fake.requests()[before].authorization, None, "{}", both(&output));
}

#[test]
fn passing_failures_are_asked_again_after_a_wait() {
    let lab = Lab::new();
    let fake = server(|n, _| match n {
        0 => Reply::error(429, "slow down").with("Retry-After", 2),
        1 => Reply::error(503, "Loading model"),
        2 => Reply::new(500, "<html><h1>Internal error</h1></html>"),
        _ => good(),
    });
    let started = Instant::now();
    let text = passes(lab.describe(&fake.url(), "--limit 1"));
    assert!(started.elapsed() >= Duration::from_secs(2), "it came back too early: {:?}", started.elapsed());
    assert_eq!(fake.requests().len(), 4);
    for words in ["HTTP 429, wait 2 s", "slow down", "HTTP 503", "Loading model", "HTTP 500", "Internal error"] {
        assert!(text.contains(words), "{words} in {text}");
    }

    let loading = server(|_, _| Reply::error(503, "Loading model"));
    let text = fails(lab.describe(&loading.url(), "--limit 1 --retries 2"));
    assert!(text.contains("loading the model") && loading.requests().len() == 3, "{text}");
    // Nobody sits out a wait of an hour.
    let busy = server(|_, _| Reply::error(429, "quota").with("Retry-After", 3600));
    let text = fails(lab.describe(&busy.url(), "--limit 1"));
    assert!(text.contains("wait 3600 s") && busy.requests().len() == 1, "{text}");
}

#[test]
fn silence_and_absence() {
    let lab = Lab::new();
    let slow = server(|_, _| good().never());
    let text = fails(lab.describe(&slow.url(), "--limit 1 --timeout 1 --retries 0"));
    assert!(text.contains("no answer within 1 s") && text.contains("--timeout"), "{text}");

    let url = nobody();
    let text = fails(lab.describe(&url, "--retries 1"));
    assert!(text.contains(&url) && text.contains("cannot be reached") && text.contains("efused"), "{text}");
    assert!(text.contains("asking again") && text.contains("5 more were not tried"), "{text}");
    assert!(!text.contains("chat/completions"), "the address once is enough: {text}");
    // Something else than a chat server.
    let page = server(|_, _| Reply::new(200, "<html><title>It works!</title></html>"));
    let text = fails(lab.describe(&page.url(), ""));
    assert!(text.contains("It works!") && text.contains("/v1") && page.requests().len() == 1, "{text}");
}

#[test]
fn images_stay_on_this_machine() {
    let lab = Lab::new();
    for url in ["http://127.0.0.1.evil.example/v1", "http://localhost.evil.example", "https://vlm.example.org/v1"] {
        let text = fails(lab.describe(url, "--timeout 1 --retries 0"));
        assert!(text.contains("--allow-remote") && text.contains("another machine"), "{text}");
    }
    let text = fails(lab.describe("http://localhost@evil.example/v1", "--allow-remote"));
    assert!(text.contains("password"), "{text}");
    let mut command = lab.describe("http://vlm.example.org/v1", "--allow-remote");
    let text = fails({
        command.env("FOVEA_API_KEY", "sk-test-7f3a9c51d2");
        command
    });
    assert!(text.contains("unencrypted") && !text.contains("sk-test"), "{text}");

    // Neither a redirect nor a proxy takes them elsewhere.
    let elsewhere = good_server();
    let target = format!("{}/chat/completions", elsewhere.url());
    let fake = server(move |_, _| Reply::new(307, "").with("Location", &target));
    let text = fails(lab.describe(&fake.url(), ""));
    assert!(text.contains("HTTP 307") && text.contains("not followed"), "{text}");
    let proxy = good_server();
    let well = good_server();
    let mut command = lab.describe(&well.url(), "");
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        command.env(name, proxy.url());
    }
    passes(command);
    assert_eq!((elsewhere.requests().len(), proxy.requests().len(), well.requests().len()), (0, 0, 6));
}

#[test]
fn what_a_file_says_besides_its_pixels_is_not_sent() {
    let lab = Lab::new();
    let path = lab.path("set/images/polyp-4-00000.jpg");
    let jpeg = fs::read(&path).unwrap();
    let note = b"Exif\0\0II*\0\x08\0\0\0\0\0 Jane Doe, 12 May 1960";
    let mut tagged = jpeg[..2].to_vec();
    tagged.extend([0xff, 0xe1, 0, note.len() as u8 + 2]);
    tagged.extend(note);
    tagged.extend(&jpeg[2..]);
    fs::write(&path, &tagged).unwrap();
    let fake = good_server();
    passes(lab.describe(&fake.url(), "--limit 1"));
    let image = fake.requests()[0].image();
    let sent = BASE64_STANDARD.decode(image.split_once(',').unwrap().1).unwrap();
    assert!(fovea_shared::image::decode(&sent).is_ok());
    let holds = |bytes: &[u8]| bytes.windows(8).any(|w| w == b"Jane Doe");
    assert!(holds(&tagged) && !holds(&sent));
}

#[test]
fn the_cache_answers_the_same_question_and_no_other() {
    let lab = Lab::new();
    let fake = good_server();
    let run = |more: &str| {
        let _ = fs::remove_file(lab.path("out.jsonl"));
        let text = passes(lab.describe(&fake.url(), more));
        (fake.requests().len(), text)
    };
    assert_eq!(run("").0, 6);
    let first = lab.records();
    let (asked, text) = run("");
    assert_eq!(asked, 6, "the second run asks nothing");
    assert!(text.contains("0 answered, 6 from the cache"), "{text}");
    assert_eq!(lab.records(), first, "with the date and server of the first");
    // Not even a server is needed then.
    fs::remove_file(lab.path("out.jsonl")).unwrap();
    passes(lab.describe(&nobody(), ""));
    assert_eq!(lab.records(), first);
    // Another question: model, gaze, schema, modality is refused by the answer. And asking again on demand.
    let mut expected = 6;
    for more in ["--model other", "--gaze text", "--gaze drawn", "--no-schema", "--no-cache"] {
        expected += 6;
        assert_eq!(run(more).0, expected, "{more}");
    }
    let seen = fake.requests();
    let texts = |i: usize| seen[i].body["messages"][0]["content"][0]["text"].as_str().unwrap().to_string();
    assert!(texts(12).contains(" ms\n") && texts(18).contains("green ring") && !texts(0).contains("green ring"));
    assert_ne!(seen[18].image(), seen[0].image());
    assert!(seen[24].body.get("response_format").is_none());
    // Each of them is cached as well.
    assert_eq!(run("--gaze drawn").0, expected);
    // Descriptions of different origin are not mixed in one file.
    let text = fails(lab.describe(&fake.url(), "--model other"));
    assert!(text.contains("vlm:m (prompt describe-v1, gaze drawn)") && text.contains("--again"), "{text}");
    passes(lab.describe(&fake.url(), "--model other --again"));
    assert!(lab.records().values().all(|r| r.description.source == Source::Vlm("other".into())));
    assert_eq!(fake.requests().len(), expected);
}

#[test]
fn a_kill_loses_nothing_and_nothing_is_asked_twice() {
    let lab = Lab::new();
    let fake = server(|n, _| if n < 3 { good() } else { good().never() });
    let mut child = lab.describe(&fake.url(), "").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_until(&mut child, "the fourth question is asked", || fake.requests().len() == 4);
    // SIGKILL: no handler can save anything.
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = lab.records();
    assert_eq!(kept.len(), 3, "an answer is on disk before the next question is asked");
    // A file in another encoding is not appended to, and stays as it is.
    let utf16: Vec<u8> =
        fs::read_to_string(lab.path("out.jsonl")).unwrap().encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(lab.path("wide.jsonl"), &utf16).unwrap();
    let mut command = lab.command(&["describe", "--source", "measured", "--data"]);
    command.arg(lab.path("set")).arg("--out").arg(lab.path("wide.jsonl"));
    assert!(fails(command).contains("not UTF-8"));
    assert_eq!(fs::read(lab.path("wide.jsonl")).unwrap(), utf16);
    // As if the kill had come in the middle of the last line.
    let text = fs::read_to_string(lab.path("out.jsonl")).unwrap();
    fs::write(lab.path("out.jsonl"), &text[..text.len() - 40]).unwrap();

    let well = good_server();
    let text = passes(lab.describe(&well.url(), ""));
    assert!(text.contains("3 answered, 1 from the cache, 2 there already"), "{text}");
    assert_eq!(lab.records().len(), 6);
    let answered: Vec<String> = fake.requests()[..3].iter().map(Request::image).collect();
    let again: Vec<String> = well.requests().iter().map(Request::image).collect();
    assert_eq!(again.len(), 3);
    assert!(again.iter().all(|image| !answered.contains(image)), "an answered question was asked again");
    for (id, record) in kept {
        assert_eq!(lab.records()[&id], record);
    }
}

#[test]
fn no_more_questions_at_once_than_allowed() {
    let lab = Lab::new();
    for (concurrency, limit) in [(1, 3), (3, 6)] {
        // Nothing is answered before as many have come as may, and then not at once, so that one too many would be seen.
        let fake = server(move |_, _| good().together(concurrency, Duration::from_millis(200)));
        let more = format!("--concurrency {concurrency} --limit {limit} --again --no-cache");
        passes(lab.describe(&fake.url(), &more));
        assert_eq!((fake.requests().len(), fake.most_at_once()), (limit, concurrency));
    }
    assert_eq!(lab.records().len(), 6);
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
