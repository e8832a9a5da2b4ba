//! What `fovea describe` sends, to whom, and what it never shows: keys stay secret, images stay here.

use std::fs;

use crate::describe_lab::{Lab, both, fails, passes};
use crate::fake::{good, good_server, server};
use base64::{Engine, prelude::BASE64_STANDARD};
use fovea_test_support::chat::Reply;

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
