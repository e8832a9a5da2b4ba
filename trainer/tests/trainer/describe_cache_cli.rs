//! `fovea describe` asks nothing twice: its cache, its file after a kill, its questions at once.

use std::{fs, process::Stdio, time::Duration};

use crate::describe_lab::{Lab, fails, nobody, passes};
use crate::fake::{good, good_server, server};
use crate::wait::wait_until;
use fovea_shared::description::Source;
use fovea_test_support::chat::Request;

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
        // Nothing is answered before as many have come as may, and then not at once, so that one
        // too many would be seen.
        let fake = server(move |_, _| good().together(concurrency, Duration::from_millis(200)));
        let more = format!("--concurrency {concurrency} --limit {limit} --again --no-cache");
        passes(lab.describe(&fake.url(), &more));
        assert_eq!((fake.requests().len(), fake.most_at_once()), (limit, concurrency));
    }
    assert_eq!(lab.records().len(), 6);
}
