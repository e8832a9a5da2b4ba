//! A model on a device and the image that it has open. Knows nothing of workers, so it runs natively too.

mod compare;
mod export;
mod files;
mod live;
mod look;
mod resemble;
mod teach;

use std::{cell::RefCell, collections::BTreeMap};

use burn::tensor::Device;
use fovea_shared::{
    bundle::{Bundle, Familiarity, MANIFEST, Manifest, familiarity::channel_means, verify},
    description::{Modality, Phrase, PhraseTable},
    gaze::{Fixation, Observer, Scanpath, simulate, simulate_slice},
    image::{Decoded, RgbImage, resize_rgb, to_input},
    model::{PromptMaps, Pyramid, describer::Describer},
    plane::Mask,
    predictor::{Embedding, PredictError, Predictor, mask_at},
    pseudo_mask::{PseudoMaskParams, pseudo_masks},
};

use self::{
    files::{decode_named, picture, read_gaze, read_mask},
    look::Drawn,
};
use super::{describe, device, lesions::Lesions, live::Live, masks, teach::Teaching};
use crate::{
    clock::now_ms,
    errors::{self, of_file, predict},
    protocol::{
        Backend, Blob, Described, GazeMasks, NamedFile, OpenRequest, Opened, Picture, Report, Simulated, StudentSeen,
        Text,
    },
    text::{Message, message},
};

/// Largest side of the image that is kept for descriptions, in pixels.
const DESCRIBED_SIDE: usize = 1024;

/// Side of the square on which heat maps are made, the working side of the pseudo-masks.
const GAZE_SIDE: usize = 112;

/// A loaded model, and the open image if there is one.
pub struct Session {
    backend: Backend,
    device: Device,
    adapter: String,
    manifest: Manifest,
    predictor: Predictor,
    phrases: PhraseTable,
    describer: Option<Describer>,
    familiarity: Option<Familiarity>,
    open: Option<OpenImage>,
    /// What students are taught from.
    teaching: Teaching,
}

struct OpenImage {
    number: u64,
    native: (usize, usize),
    /// The image at [`GAZE_SIDE`], for the refinement of pseudo-masks.
    small: RgbImage,
    /// The image with no side above [`DESCRIBED_SIDE`].
    described: RgbImage,
    /// The model input, `[3, 224, 224]`.
    input: Vec<f32>,
    embedding: Embedding,
    truth: Option<Mask>,
    /// Its lesions, where the truth is known.
    lesions: Lesions,
    /// The true mask of what was looked at last, where that is not all.
    looked_at: RefCell<Option<Mask>>,
    /// The student that has drawn last: its place in the manifest and its mask.
    student: RefCell<(usize, Mask)>,
    /// Students that learn on it.
    live: Option<Live>,
    /// What the teacher has drawn of it last.
    drawn: RefCell<Drawn>,
}

impl Session {
    /// Verifies the bundle, builds the model on a device, checks and times it.
    ///
    /// # Errors
    /// In plain words: no such device, or the file of the bundle that is wrong and what is wrong with it.
    pub async fn load(backend: Backend, files: BTreeMap<String, Blob>) -> Result<(Self, Report), Message> {
        let bundle = verified(files)?;
        let (device, adapter) = device::open(backend).await?;
        Self::on(backend, device, adapter, &bundle).await
    }

    /// Another bundle on the device of this session. This session stays as it is.
    ///
    /// # Errors
    /// As [`Self::load`], and when the device does not reproduce the new bundle's goldens.
    pub async fn replaced(&self, files: BTreeMap<String, Blob>) -> Result<(Self, Report), Message> {
        let bundle = verified(files)?;
        let (session, report) = Self::on(self.backend, self.device.clone(), self.adapter.clone(), &bundle).await?;
        if !report.passed {
            let (device, name) = (self.backend.to_string(), &bundle.manifest.name);
            return Err(message!("model-differs", device = device, name = name));
        }
        Ok((session, report))
    }

    async fn on(backend: Backend, device: Device, adapter: String, bundle: &Bundle) -> Result<(Self, Report), Message> {
        let predictor = Predictor::new(bundle, &device).map_err(|e| errors::bundle(&e))?;
        let phrases = bundle.phrases().map_err(|e| errors::bundle(&e))?;
        let describer = describe::describer(bundle)?;
        let familiarity = bundle.familiarity().map_err(|e| errors::bundle(&e))?;
        let manifest = bundle.manifest.clone();
        let session = Self {
            backend,
            device,
            adapter,
            manifest,
            predictor,
            phrases,
            describer,
            familiarity,
            open: None,
            teaching: Teaching::default(),
        };
        let report = session.report().await?;
        Ok((session, report))
    }

    /// Checks the device, and times it only where it passes.
    ///
    /// The CPU's embedding is timed as it is checked, since the first mask waits for this. A GPU compiles its shaders in the check, so
    /// that it is timed afterwards.
    async fn report(&self) -> Result<Report, Message> {
        let (backend, adapter) = (self.backend, self.adapter.clone());
        let failed = |e: PredictError| message!("device-check-failed", device = backend.to_string(), cause = e.cause());
        let (image, heat) = self.predictor.golden_input().ok_or_else(|| message!("bundle-no-goldens"))?;
        let embed = async || {
            let start = now_ms();
            let embedding = self.predictor.embed(image).await?;
            // Reading a result back is what makes a GPU finish; embedding alone would only be queued.
            if backend == Backend::WebGpu {
                self.predictor.student(&embedding, self.predictor.default_student()).await?;
            }
            Ok::<_, PredictError>((embedding, now_ms() - start))
        };
        let (embedding, mut embed_ms) = embed().await.map_err(failed)?;
        let check = self.predictor.check_embedding(&embedding).await.map_err(failed)?;
        let (max_abs_diff, passed) = (check.max_abs_diff, check.passed);
        let mut click_ms = 0.0;
        if passed {
            if backend == Backend::WebGpu {
                (_, embed_ms) = embed().await.map_err(failed)?;
            }
            // A click as visitors make it: with gaze, and with a text of usual length that is explained.
            let text: Vec<Vec<f32>> = Phrase::all().iter().take(8).map(|p| self.phrases.token(p)).collect();
            let mut clicks = vec![0.0; if backend == Backend::WebGpu { 3 } else { 1 }];
            for click in &mut clicks {
                let start = now_ms();
                self.predictor.explain(&embedding, Some(heat), &text).await.map_err(failed)?;
                *click = now_ms() - start;
            }
            clicks.sort_by(f64::total_cmp);
            click_ms = clicks[clicks.len() / 2];
        } else {
            embed_ms = 0.0;
        }
        Ok(Report { backend, adapter, max_abs_diff, passed, embed_ms, click_ms })
    }

    /// Decodes an image, hands out its picture at once, then reads it with backbone and student.
    ///
    /// # Errors
    /// In plain words, naming the file. The image that was open stays open.
    pub async fn open(&mut self, request: OpenRequest, show: impl FnOnce(Picture)) -> Result<Opened, Message> {
        self.verify(&request)?;
        let Decoded { image, notes } = decode_named(&request.file)?;
        let native = (image.width() as usize, image.height() as usize);
        let truth = request.mask.as_ref().map(|file| read_mask(file, native)).transpose()?;
        let fixations = request.gaze.as_ref().map(read_gaze).transpose()?.unwrap_or_default();
        let notes = notes.into_iter().map(errors::note).collect();
        show(Picture { notes, ..picture(request.image, &image, fixations) });

        let start = now_ms();
        let failed = |e: PredictError| of_file(&request.file.name, predict(&e));
        let input = to_input(&image);
        let embedding = self.predictor.embed_input(input.clone()).await.map_err(failed)?;
        let student = self.predictor.student(&embedding, request.student).await.map_err(failed)?;
        let embed_ms = now_ms() - start;
        let student = masks::Field::of_logits(&student, masks::figures_size(native, truth.is_some()));
        let opened = Opened {
            image: request.image,
            embed_ms,
            student: student.outline(truth.as_ref()),
            place: request.student,
            truth: truth.as_ref().map(masks::from_truth),
            likeness: match self.familiarity.as_ref().filter(|_| !request.from_bundle) {
                Some(learnt) => {
                    let seen = channel_means(&of_level(embedding.features(), learnt.level()).await?, learnt.level());
                    Some((learnt.distance(&seen), learnt.usual))
                }
                None => None,
            },
        };
        let small = resize_rgb(&image, GAZE_SIDE, GAZE_SIDE);
        let (width, height) = masks::fit(native, DESCRIBED_SIDE);
        let described = if (width, height) == native { image } else { resize_rgb(&image, width, height) };
        self.open = Some(OpenImage {
            number: request.image,
            native,
            small,
            described,
            input,
            embedding,
            lesions: Lesions::of(truth.as_ref().unwrap_or(&Mask::empty(0, 0))),
            looked_at: RefCell::default(),
            student: RefCell::new((request.student, student.mask().clone())),
            truth,
            live: None,
            drawn: RefCell::default(),
        });
        Ok(opened)
    }

    /// Whether the files of a case of the bundle are the bundle's.
    fn verify(&self, request: &OpenRequest) -> Result<(), Message> {
        if !request.from_bundle {
            return Ok(());
        }
        let files = [Some(&request.file), request.mask.as_ref(), request.gaze.as_ref()];
        files.into_iter().flatten().try_for_each(|file| self.verify_file(file))
    }

    /// Whether a file is the bundle's of that name.
    fn verify_file(&self, file: &NamedFile) -> Result<(), Message> {
        let entry = self.manifest.entry(&file.name).map_err(|e| errors::bundle(&e))?;
        verify(&file.name, &file.bytes.0, entry).map_err(|e| errors::bundle(&e))
    }

    /// The tokens of the phrases.
    fn tokens(&self, text: &Text) -> Vec<Vec<f32>> {
        text.phrases.iter().map(|phrase| self.phrases.token(phrase)).collect()
    }

    /// Draws the outline of the student at a place on the open image.
    ///
    /// # Errors
    /// When the image is not the open one, there is no such student, or the device fails.
    pub async fn student(&self, image: u64, place: usize) -> Result<StudentSeen, Message> {
        let open = self.opened(image)?;
        let logits = self.predictor.student(&open.embedding, place).await.map_err(|e| predict(&e))?;
        let field = open.field(&logits);
        let looked_at = open.looked_at.borrow();
        let outline = field.outline(looked_at.as_ref().or(open.truth.as_ref()));
        open.student.replace((place, field.mask().clone()));
        Ok(StudentSeen { image, place, outline })
    }

    /// Describes what an outline on the open image holds: the teacher's, which it draws with these fixations and without any text, or
    /// without fixations that of the student at a place. So a description never rests on an outline that a description has shaped. Where
    /// nothing is outlined there is nothing to describe.
    ///
    /// # Errors
    /// When the image is not the open one, or the device fails.
    pub async fn describe(
        &self,
        image: u64,
        fixations: Vec<Fixation>,
        student: usize,
        modality: Modality,
    ) -> Result<Described, Message> {
        let open = self.opened(image)?;
        let heat = (!fixations.is_empty()).then(|| PromptMaps::of(&Scanpath { fixations }));
        let found = match &heat {
            None => self.predictor.student(&open.embedding, student).await,
            Some(heat) => self.predictor.teacher(&open.embedding, Some(heat), &[]).await,
        };
        let logits = found.map_err(|e| predict(&e))?;
        let mask = mask_at(&logits, open.described.width() as usize, open.described.height() as usize);
        if mask.is_empty() {
            return Ok(Described { image, descriptions: Vec::new() });
        }
        let mut descriptions = describe::measured(&open.described, &mask, heat.is_some(), modality);
        if let Some(describer) = &self.describer {
            let features = open.embedding.features();
            descriptions.extend(
                describe::distilled(describer, features, &logits, heat.as_ref().map(|prompt| &prompt.dwell), modality)
                    .await?,
            );
        }
        Ok(Described { image, descriptions })
    }

    /// Makes the pseudo-masks of fixations on the open image.
    ///
    /// # Errors
    /// When the image is not the open one.
    pub fn masks(&self, image: u64, fixations: Vec<Fixation>) -> Result<GazeMasks, Message> {
        let open = self.opened(image)?;
        let found = pseudo_masks(&open.small, &Scanpath { fixations }, &PseudoMaskParams::of(self.manifest.domain));
        Ok(GazeMasks {
            image,
            high_confidence: masks::from_mask(&found.high_confidence),
            broad: masks::from_mask(&found.broad),
            background: masks::from_mask(&found.background),
        })
    }

    /// Gaze on the open image as an eye tracker might record it, simulated from the true mask, or from a student's where that is not
    /// known. An outline without any pixel is looked at everywhere.
    ///
    /// # Errors
    /// When the image is not the open one, there is no such student, or the device fails.
    pub async fn simulate(&self, image: u64, seed: u64, student: usize) -> Result<Simulated, Message> {
        let open = self.opened(image)?;
        let mask = match &open.truth {
            Some(truth) => truth.clone(),
            None => {
                let logits = self.predictor.student(&open.embedding, student).await.map_err(|e| predict(&e))?;
                mask_at(&logits, GAZE_SIDE, GAZE_SIDE)
            }
        };
        let look = if self.manifest.domain == Modality::Prostate { simulate_slice } else { simulate };
        let Scanpath { fixations } = look(&mask, Observer::EyeTracker, seed);
        Ok(Simulated { image, fixations, saw_truth: open.truth.is_some() })
    }

    fn opened(&self, image: u64) -> Result<&OpenImage, Message> {
        self.open.as_ref().filter(|o| o.number == image).ok_or_else(|| message!("image-not-open"))
    }
}

/// A bundle of files, each verified.
fn verified(files: BTreeMap<String, Blob>) -> Result<Bundle, Message> {
    let mut files: BTreeMap<String, Vec<u8>> = files.into_iter().map(|(name, blob)| (name, blob.0)).collect();
    let manifest = files.remove(MANIFEST).ok_or_else(|| message!("bundle-no-manifest", file = MANIFEST))?;
    let manifest = Manifest::parse(&manifest).map_err(|e| errors::bundle(&e))?;
    Bundle::from_files(manifest, files).map_err(|e| errors::bundle(&e))
}

/// One level of an image's features, counted from the finest.
async fn of_level(pyramid: &Pyramid, level: usize) -> Result<Vec<f32>, Message> {
    let data = pyramid.levels[level].clone().into_data_async().await.map_err(|e| errors::device(&e.to_string()))?;
    data.convert::<f32>().try_to_vec().map_err(|e| errors::device(&e.to_string()))
}
