//! Every error is said in every language, with its arguments, and on the Chinese side without an English sentence.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use fovea_medical::dicom::DicomError;
use fovea_shared::{
    bundle::BundleError,
    description::{
        DescriptionError,
        vlm::{AddressError, AnswerError},
    },
    distill::StepError,
    gaze::{GazeCsvError, HEADER, Units},
    image::{DecodeError, Format, Note},
    model::describer::DescriberError,
    text_file::TextError,
};

use super::*;
use crate::text::{LANGUAGES, speak};

/// Stands for what a file, a server or a driver says.
const SAID: &str = "⟨said⟩";

fn said() -> String {
    SAID.to_owned()
}

/// What a message says in each language.
fn written(message: &Message) -> Vec<String> {
    let write = |language| {
        speak(language);
        let text = message.to_string();
        speak(&LANGUAGES[0]);
        text
    };
    LANGUAGES.iter().map(write).collect()
}

/// Whether words of a sentence follow each other; a name, a format or a quoted value is none.
fn has_english(text: &str) -> bool {
    let mut quoted = false;
    let outside: String = text
        .chars()
        .map(|c| {
            quoted ^= c == '`';
            if quoted { '·' } else { c }
        })
        .collect();
    let words: Vec<&str> = outside.split(' ').collect();
    let word = |w: &str| w.len() > 1 && w.chars().all(|c| c.is_ascii_lowercase());
    words.windows(2).any(|pair| word(pair[0]) && word(pair[1]))
}

fn check(what: &str, message: &Message, arguments: &[&str]) {
    let [english, chinese] = written(message).try_into().unwrap();
    for text in [&english, &chinese] {
        for argument in arguments {
            assert!(text.contains(argument), "{what} lacks {argument}: {text}");
        }
        assert!(!text.contains("{ $") && !text.is_empty(), "{what}: {text}");
    }
    assert_ne!(english, chinese, "{what} is not translated");
    assert!(has_english(&english), "{what}: the search finds no English in: {english}");
    assert!(!has_english(&chinese), "{what} speaks English: {chinese}");
}

#[test]
fn pictures() {
    let errors = [
        (DecodeError::OtherFormat(Format::Gif), vec!["GIF"]),
        (DecodeError::UnknownFormat, vec![]),
        (DecodeError::TooLarge { width: 40_001, height: 377 }, vec!["40001", "377", "16384"]),
        (DecodeError::Cut, vec![]),
        (DecodeError::Unsupported(said()), vec![]),
        (DecodeError::Damaged(said()), vec![]),
    ];
    for (error, arguments) in &errors {
        check(&format!("{error:?}"), &of_file("mine.jpg", decode(error)), &[&["mine.jpg"], &arguments[..]].concat());
    }
}

#[test]
fn dicom_files() {
    let syntax = |name: &str| DicomError::Syntax { name: name.into(), uid: "1.2.3".into(), remedy: "" };
    for (error, arguments) in [
        (DicomError::NotDicom, vec![]),
        (DicomError::Damaged(said()), vec![]),
        (DicomError::Deep(37), vec![]),
        (DicomError::Large(1024), vec!["1024"]),
        (syntax("JPEG-LS"), vec!["JPEG-LS"]),
        (syntax("private or unknown"), vec!["1.2.3"]),
        (DicomError::Value { name: "WindowWidth", value: "37".into() }, vec!["WindowWidth", "37"]),
        (DicomError::NoPixels(said()), vec![]),
        (DicomError::FloatPixels, vec![]),
        (DicomError::Bits { allocated: 32, stored: 31, high: 30 }, vec!["31", "32"]),
        (DicomError::Photometric { found: "CMYK".into(), samples: 4 }, vec!["CMYK"]),
        (DicomError::NoFrame { frames: 3, index: 3 }, vec![]),
        (DicomError::Short { found: 1, wanted: 2, frame: 0 }, vec![]),
        (DicomError::Fragments { frames: 37, fragments: 40 }, vec!["37"]),
        (DicomError::Codec { codec: "JPEG", frame: 0, reason: said() }, vec!["JPEG"]),
        (DicomError::Table("VOILUTSequence"), vec!["VOILUTSequence"]),
    ] {
        let message = of_file("IM1", dicom(&error));
        check(&format!("{error:?}"), &message, &[&["IM1"], &arguments[..]].concat());
        assert!(!message.to_string().contains(SAID), "{error:?}");
    }
}

#[test]
fn formats_with_what_to_do_about_them() {
    use Format::{
        Archive, Avif, Bmp, Dicom, Empty, Gif, Heif, Html, Ico, Jpeg2000, JpegXl, LfsPointer, Nifti, Npy, Nrrd, Pdf,
        Psd, Svg, Text, Tiff, Video, Zip,
    };
    for found in [
        Empty, Heif, Avif, Gif, Tiff, Bmp, Ico, JpegXl, Jpeg2000, Psd, Pdf, Svg, Html, Dicom, Nifti, Nrrd, Npy, Video,
        Zip, Archive, LfsPointer, Text,
    ] {
        check(&format!("{found:?}"), &decode(&DecodeError::OtherFormat(found)), &[]);
        assert!(!format(found).is_empty());
    }
}

#[test]
fn what_was_done_to_a_picture() {
    for (done, arguments) in [
        (Note::Turned { orientation: 6 }, vec![]),
        (Note::Transparent, vec![]),
        (Note::Stretched { low: 37, high: 1800 }, vec!["37", "1800"]),
        (Note::FirstPicture, vec![]),
    ] {
        check(&format!("{done:?}"), &note(done), &arguments);
    }
}

#[test]
fn gaze_files_with_line_and_column() {
    let mut errors = vec![
        (GazeCsvError::Header { found: String::new() }, vec![HEADER]),
        (GazeCsvError::Header { found: said() }, vec![HEADER, SAID]),
        (GazeCsvError::Columns { line: 37, missing: "IMAGE".into() }, vec!["37", "IMAGE", HEADER]),
        (GazeCsvError::FieldCount { line: 37, found: 18 }, vec!["37", "18"]),
        (GazeCsvError::Decimal { line: 37, field: "IMAGE_WIDTH", found: said() }, vec!["37", "IMAGE_WIDTH", SAID]),
        (GazeCsvError::SameStem { line: 37, found: said(), earlier: "b.png".into() }, vec!["37", SAID, "b.png"]),
        (GazeCsvError::Malformed { line: 37, reason: said() }, vec!["37"]),
    ];
    for (header, row) in [("commas", "semicolons"), ("tabs", "commas")] {
        errors.push((GazeCsvError::Separator { line: 37, header, row }, vec!["37"]));
    }
    for cause in [Units::Pixels, Units::PerCent, Units::Origin, Units::Screen] {
        let error = GazeCsvError::Outside { line: 37, found: said(), outside: 18, of: 19, cause };
        errors.push((error, vec!["37", SAID, "18", "19"]));
    }
    for field in HEADER.split(',') {
        let expected = "English of the command line";
        errors.push((GazeCsvError::Field { line: 37, field, expected, found: said() }, vec!["37", field, SAID]));
    }
    for (error, arguments) in &errors {
        check(&format!("{error:?}"), &of_file("mine.csv", gaze_csv(error)), arguments);
        assert!(!gaze_csv(error).to_string().contains("command line"), "{error:?}");
    }
}

#[test]
fn files_of_glances() {
    use crate::glances::file::GlanceFileError::{
        Domain, Form, Gaze, Json, Kind, Picture, Pictures, Result, Text, Version,
    };
    for (error, arguments) in [
        (Text(TextError::NotText { line: 37 }), vec!["37"]),
        (Json { line: 37 }, vec!["37"]),
        (Kind, vec![]),
        (Version(37), vec!["37"]),
        (Form { line: 37, cause: said() }, vec!["37"]),
        (Domain(said()), vec![SAID]),
        (Gaze(said()), vec![SAID]),
        (Picture(said()), vec![SAID]),
        (Pictures, vec![]),
        (Result, vec![]),
    ] {
        check(
            &format!("{error:?}"),
            &of_file("mine.json", glance_file(&error)),
            &[&["mine.json"], &arguments[..]].concat(),
        );
    }
}

#[test]
fn texts() {
    for (error, arguments) in [
        (TextError::CodePage { line: 37, found: said() }, vec!["37", SAID]),
        (TextError::BrokenUtf16 { line: 37 }, vec!["37"]),
        (TextError::Utf32, vec![]),
        (TextError::NotText { line: 37 }, vec!["37"]),
    ] {
        check(&format!("{error:?}"), &of_file("mine.csv", text_file(&error)), &arguments);
    }
}

#[test]
fn models_and_devices() {
    let of = || ("teacher.safetensors".to_owned(), said());
    let ((file, cause), (file2, cause2), (file3, cause3)) = (of(), of(), of());
    for error in [
        BundleError::Missing { file, cause },
        BundleError::Damaged { file: file2, cause: cause2 },
        BundleError::Unfit { file: file3, cause: cause3 },
    ] {
        check(&format!("{error:?}"), &bundle(&error), &["teacher.safetensors", SAID]);
    }
    for error in [DescriberError::Card(said()), DescriberError::Weights(said()), DescriberError::Device(said())] {
        check(&format!("{error:?}"), &describer(&error), &[SAID]);
    }
    for (error, argument) in [(StepError::Device(said()), SAID), (StepError::Lacks("images"), "images")] {
        check(&format!("{error:?}"), &step(&error), &[argument]);
    }
    check("a device", &device(SAID), &[SAID]);
}

#[test]
fn descriptions() {
    let (field, value, allowed) = (|| "shape".to_owned(), || "square".to_owned(), || "round, oval".to_owned());
    for (error, arguments) in [
        (DescriptionError::Json(said()), vec![SAID]),
        (DescriptionError::UnknownField { field: field(), allowed: allowed() }, vec!["shape", "round, oval"]),
        (DescriptionError::Missing(field()), vec!["shape"]),
        (
            DescriptionError::Value { field: field(), value: value(), allowed: allowed() },
            vec!["shape", "square", "round, oval"],
        ),
        (DescriptionError::Conflict { field: field(), cause: said() }, vec!["shape", SAID]),
    ] {
        check(&format!("{error:?}"), &description(&error), &arguments);
        // Inside the answer of a model it is said in the same language.
        check(&format!("{error:?}"), &answer(&AnswerError::Description(error)), &arguments);
    }
}

#[test]
fn answers_of_a_model() {
    let wait = Some(Duration::from_secs(37));
    for (error, arguments) in [
        (AnswerError::Unreachable { server: "http://a".into(), cause: said() }, vec!["http://a", SAID]),
        (AnswerError::TimedOut { seconds: 37 }, vec!["37"]),
        (AnswerError::Broken { cause: said() }, vec![SAID]),
        (AnswerError::BadRequest { status: 418, said: said() }, vec!["418", SAID]),
        (AnswerError::Key { status: 418, said: said() }, vec!["418", SAID]),
        (AnswerError::NotFound { said: said() }, vec![SAID]),
        (AnswerError::TooLarge { said: said() }, vec![SAID]),
        (AnswerError::TooMany { retry_after: wait, said: said() }, vec![SAID]),
        (AnswerError::NotReady { retry_after: wait, said: said() }, vec!["37", SAID]),
        (AnswerError::Server { status: 418, said: said() }, vec!["418", SAID]),
        (AnswerError::Elsewhere { status: 418 }, vec!["418"]),
        (AnswerError::Status { status: 418, said: said() }, vec!["418", SAID]),
        (AnswerError::NotChat { cause: "cause-here".into(), said: said() }, vec!["cause-here", SAID]),
        (AnswerError::Empty { thought: false }, vec![]),
        (AnswerError::Empty { thought: true }, vec![]),
        (AnswerError::Cut, vec![]),
        (AnswerError::Certificate { server: "https://a".into(), cause: said() }, vec!["https://a", SAID]),
        (AnswerError::BreaksOff { cause: said() }, vec![SAID]),
        (AnswerError::Thoughts, vec![]),
        (AnswerError::Several { count: 37 }, vec!["37"]),
        (AnswerError::Refused { said: said() }, vec![SAID]),
        (AnswerError::Prose { said: said() }, vec![SAID]),
        (AnswerError::BrokenJson { cause: "cause-here".into(), said: said() }, vec!["cause-here", SAID]),
    ] {
        check(&format!("{error:?}"), &answer(&error), &arguments);
    }
}

#[test]
fn addresses() {
    use AddressError::{Credentials, Host, Port, Query, Scheme};
    for error in [Scheme, Credentials, Query, Host, Port] {
        check(&format!("{error:?}"), &address(error), &[]);
    }
}

#[test]
fn a_message_crosses_to_the_window_with_its_arguments() {
    let error = GazeCsvError::FieldCount { line: 37, found: 18 };
    let message = of_file("mine.csv", gaze_csv(&error));
    let sent = serde_json::to_string(&message).unwrap();
    assert_eq!(serde_json::from_str::<Message>(&sent).unwrap(), message);
}
