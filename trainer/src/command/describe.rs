//! `fovea describe`.

mod output;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    num::NonZero,
    path::PathBuf,
    process::ExitCode,
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum, value_parser};
use fovea_shared::description::{
    Modality, Source,
    vlm::{MAX_TOKENS, PROMPT_VERSION},
};

use crate::{
    config,
    data::{Case, Dataset, splits::split},
    describe::{
        cache::AnswerCache,
        client::{Client, Note, Settings},
        measured::measured_record,
        question::{Described, Form, GazeWay, describe},
        sources,
        store::{self, Record},
    },
};

use self::output::Output;

/// Describe images in words: measured, by a vision-language model, or from a file.
///
/// Writes one JSON line an image: location, size, shape, border, colour and so on, each a word of a fixed vocabulary or
/// not_assessable. Records are appended one by one, and answers of a model are cached as well: stop it at any time and run it
/// again, and only what is missing is done. Exit code 1 when an image got no description; the others are kept.
///
/// A model runs behind any server that speaks OpenAI's chat interface. On this machine, for example:
///
///   llama.cpp  llama-server -m MODEL.gguf --mmproj MMPROJ.gguf    --base-url http://127.0.0.1:8080/v1 (the default)
///   Ollama     ollama pull qwen2.5vl; ollama serve                --base-url http://127.0.0.1:11434/v1
///   LM Studio  load a vision model; lms server start              --base-url http://127.0.0.1:1234/v1
///   vLLM       vllm serve Qwen/Qwen2.5-VL-7B-Instruct             --base-url http://127.0.0.1:8000/v1
///
///   fovea describe --data DATA --source vlm --out DATA/vlm.jsonl --dry-run     what would be sent?
///   fovea describe --data DATA --source vlm --out DATA/vlm.jsonl --limit 3     a few first
///   fovea describe --data DATA --source vlm --out DATA/vlm.jsonl
///
/// Images leave this machine only with --allow-remote. A key is taken from the environment variable FOVEA_API_KEY, else
/// OPENAI_API_KEY, and written nowhere. What a model says of an image may be wrong: research and education only.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct DescribeArgs {
    /// Folder of the data set.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Only the images of a split (training, validation and test): a name, a folder or files, as in `fovea train`.
    #[arg(long, value_name = "NAME", conflicts_with = "ids")]
    split: Option<String>,
    /// Only these images, separated by commas.
    #[arg(long, value_name = "ID,...", value_delimiter = ',')]
    ids: Vec<String>,
    /// At most so many images.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Where the words come from.
    #[arg(long, value_enum)]
    source: Kind,
    /// File of descriptions to append to, .jsonl. Images that it has are passed over.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// What the images show [default: as the data set says; import: as the file says].
    #[arg(long, value_enum)]
    modality: Option<ModalityArg>,
    /// Describe the images that the file has, too; the new line counts then.
    #[arg(long)]
    again: bool,
    /// Print the request for the first image, without the image's bytes, and ask nothing (vlm).
    #[arg(long)]
    dry_run: bool,
    /// No progress on standard error; failures are still named.
    #[arg(long, short)]
    quiet: bool,

    /// Descriptions to import: .jsonl as this command writes it, or LLaVA's .csv.
    #[arg(long, value_name = "FILE", required_if_eq("source", "import"), help_heading = "Import")]
    file: Option<PathBuf>,

    #[command(flatten, next_help_heading = "Vision-language model")]
    model: ModelArgs,
}

#[derive(Debug, Args)]
struct ModelArgs {
    /// Address of the server.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080/v1")]
    base_url: String,
    /// The model, as the server names it [default: the only one that it has].
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    model: Option<String>,
    /// Whether and how the model is told where somebody looked.
    #[arg(long, value_enum, default_value_t)]
    gaze: GazeWay,
    /// Allow a server on another machine: every image is sent there.
    #[arg(long)]
    allow_remote: bool,
    /// Longest wait for one answer, in seconds.
    #[arg(long, value_name = "S", default_value_t = 300, value_parser = value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    /// How often to ask again after a failure that may pass, waiting longer every time.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = value_parser!(u32).range(0..=20))]
    retries: u32,
    /// Questions at once.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u32).range(1..=64))]
    concurrency: u32,
    /// Most tokens of an answer.
    #[arg(long, value_name = "N", default_value_t = MAX_TOKENS, value_parser = value_parser!(u32).range(1..))]
    max_tokens: u32,
    /// Do not hold answers to the JSON schema, for servers that cannot.
    #[arg(long)]
    no_schema: bool,
    /// Folder of cached answers [default: fovea/answers in the user's cache folder].
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Ask even what is cached.
    #[arg(long)]
    no_cache: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Geometry and colour, measured from the image and its gaze; no language model
    Measured,
    /// A vision-language model behind a server
    Vlm,
    /// A file
    Import,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ModalityArg {
    /// Polyps in colonoscopy frames
    Polyp,
    /// Skin lesions under the dermatoscope
    SkinLesion,
    /// The prostate on T2-weighted MR slices
    Prostate,
}

impl From<ModalityArg> for Modality {
    fn from(modality: ModalityArg) -> Self {
        match modality {
            ModalityArg::Polyp => Self::Polyp,
            ModalityArg::SkinLesion => Self::SkinLesion,
            ModalityArg::Prostate => Self::Prostate,
        }
    }
}

pub(crate) fn run(args: &DescribeArgs) -> Result<ExitCode> {
    let dataset = Dataset::open(&args.data)?;
    let mut cases = chosen(args, &dataset)?;
    let modality = args.modality.map(Modality::from);
    match args.source {
        Kind::Import => {
            let file = args.file.as_deref().context("--source import needs --file")?;
            let mut records = sources::import(file, &dataset, modality)?;
            let ids: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
            records.retain(|record| ids.contains(record.id.as_str()));
            let mut left: BTreeMap<String, Record> = records.into_iter().map(|r| (r.id.clone(), r)).collect();
            cases.retain(|case| left.contains_key(&case.id));
            let there = pass_over(args, &mut cases, |_| None)?;
            let mut output = Output::open(&args.out, "described", args.quiet, cases.len(), there)?;
            for case in cases {
                if let Some(record) = left.remove(&case.id) {
                    output.keep(&record, false)?;
                }
            }
            Ok(output.finish())
        }
        Kind::Measured => {
            let modality = modality.map_or_else(|| dataset.modality(), Ok)?;
            let there = pass_over(args, &mut cases, |record| {
                (record.description.source != Source::Measured).then(|| record.description.source.to_string())
            })?;
            let output = Output::open(&args.out, "described", args.quiet, cases.len(), there)?;
            // The pseudo-masks that a training makes, so that it reads the same words.
            let params = config::Settings::of(modality).pseudo_masks;
            let threads = thread::available_parallelism().map_or(1, NonZero::get);
            output.all(&cases, threads, |case, _| {
                let record = measured_record(case, &params, modality)?;
                Ok(Described { record, cached: false })
            })
        }
        Kind::Vlm => ask(args, cases, modality.map_or_else(|| dataset.modality(), Ok)?),
    }
}

fn ask(args: &DescribeArgs, mut cases: Vec<&Case>, modality: Modality) -> Result<ExitCode> {
    let ModelArgs { base_url, model, gaze, allow_remote, timeout, retries, .. } = &args.model;
    let client = Client::new(Settings {
        base_url: base_url.clone(),
        timeout: Duration::from_secs(*timeout),
        retries: *retries,
        allow_remote: *allow_remote,
    })?;
    let form = |model: String| Form {
        modality,
        model,
        gaze: *gaze,
        schema: !args.model.no_schema,
        max_tokens: args.model.max_tokens,
    };
    if args.dry_run {
        let case = cases.first().context("there is no image to ask about")?;
        return dry_run(&form(model.clone().unwrap_or_else(|| "(the server's only model)".into())), case, &client);
    }
    let form = form(match model {
        Some(model) => model.clone(),
        None => only_model(&client)?,
    });
    let source = Source::Vlm(form.model.clone());
    let there = pass_over(args, &mut cases, |record| {
        let found = &record.description.source;
        let prompt = record.asked.as_ref().map_or("", |asked| asked.prompt.as_str());
        let version = prompt.split(',').next().unwrap_or_default();
        let way = prompt.rsplit_once("gaze ").map_or("none", |(_, way)| way);
        let asked_way = gaze.to_possible_value().map(|v| v.get_name().to_string()).unwrap_or_default();
        (*found != source || version != PROMPT_VERSION || way != asked_way)
            .then(|| format!("{found} (prompt {version}, gaze {way})"))
    })?;
    let cache = AnswerCache::open(args.model.cache.as_deref())?;
    let output = Output::open(&args.out, "answered", args.quiet, cases.len(), there)?;
    output.all(&cases, args.model.concurrency as usize, |case, say| {
        describe(case, &form, &client, &cache, args.model.no_cache, |note| {
            let id = &case.id;
            say(match note {
                Note::Again(wait, error) => format!("{id}: asking again in {:.1} s: {error}", wait.as_secs_f64()),
                Note::WithoutSchema(error) => {
                    format!(
                        "{id}: answered when asked without the schema (--no-schema asks so from the start): {error}"
                    )
                }
                // Of the server, not of one image.
                Note::Canary(found) => found.words().to_owned(),
            });
        })
    })
}

/// The images that are to be described, sorted by id.
fn chosen<'a>(args: &DescribeArgs, dataset: &'a Dataset) -> Result<Vec<&'a Case>> {
    let mut cases = match &args.split {
        Some(name) => {
            let split = split(dataset, name, 0.0, 0)?;
            let mut ids = [split.train, split.validation, split.test].concat();
            ids.sort_unstable();
            dataset.select(&ids)?
        }
        None if args.ids.is_empty() => dataset.cases.iter().collect(),
        None => dataset.select(&args.ids)?,
    };
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    cases.dedup_by(|a, b| a.id == b.id);
    Ok(cases)
}

/// Leaves out the images that the file has, and those beyond the limit; returns how many the file has. `differs` names what
/// another description is of, which must not be mixed with what is asked for now.
fn pass_over(
    args: &DescribeArgs,
    cases: &mut Vec<&Case>,
    differs: impl Fn(&Record) -> Option<String>,
) -> Result<usize> {
    ensure!(
        args.out.extension().is_some_and(|extension| extension == "jsonl"),
        "--out {}: the file's name must end in .jsonl",
        args.out.display()
    );
    if let Ok(bytes) = fs::read(&args.out) {
        // Lines are appended as UTF-8: a file in two encodings could not be read again.
        ensure!(
            str::from_utf8(&bytes).is_ok_and(|text| !text.contains('\0')),
            "--out {}: the file is not UTF-8; save it as UTF-8, or name another one",
            args.out.display()
        );
    }
    let there = if args.out.exists() && !args.again { store::read(&args.out)? } else { BTreeMap::new() };
    if let Some((record, what)) =
        cases.iter().filter_map(|case| there.get(&case.id)).find_map(|record| Some((record, differs(record)?)))
    {
        bail!(
            "{} describes `{}` by {what} already: name another file, or say --again to describe such images again",
            args.out.display(),
            record.id
        );
    }
    let before = cases.len();
    cases.retain(|case| !there.contains_key(&case.id));
    let passed = before - cases.len();
    cases.truncate(args.limit.unwrap_or(usize::MAX));
    Ok(passed)
}

/// The model of a server that has one only.
fn only_model(client: &Client) -> Result<String> {
    match client.models()?.as_slice() {
        [model] => Ok(model.clone()),
        [] => bail!("{} has no model: load one, or name it with --model", client.server()),
        models => bail!("{} has several models; name one with --model: {}", client.server(), models.join(", ")),
    }
}

fn dry_run(form: &Form, case: &Case, client: &Client) -> Result<ExitCode> {
    let mut body = form.prepare(case)?.body;
    let url = &mut body["messages"][0]["content"][1]["image_url"]["url"];
    let length = url.as_str().map_or(0, str::len);
    *url = format!("data:image/jpeg;base64,({length} characters in all)").into();
    println!("POST {}", client.endpoint());
    println!("Authorization: {}", if client.has_key() { "Bearer (from the environment)" } else { "none" });
    println!("\n{}", serde_json::to_string_pretty(&body)?);
    Ok(ExitCode::SUCCESS)
}
