//! Students that learn while the visitor watches: the trainer's [`Distiller::step`] on one image or a few, from gaze alone.
//!
//! What differs from the trainer is the data and nothing else: batches of one image, no mirror images and no channel dropout, a
//! constant learning rate, and a ramp of a few dozen steps, because nobody watches for an hour.

mod finite;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use burn::{
    module::Module,
    tensor::{Tensor, TensorData},
};
use fovea_shared::{
    distill::{
        Batch, DistillConfig, Distiller, StepContext, StepLosses, StudentSupervision, Supervision, Target,
        TeacherInput, Trainee, WeightedTarget, broad_target, relabelled_target, stack,
    },
    gaze::{Fixation, Scanpath},
    image::{INPUT_SIDE, RgbImage},
    model::{GazePrompt, PhraseTokens, PromptMaps, STUDENT_SIDE},
    plane::{Mask, Plane},
    predictor::{Embedding, Predictor},
    pseudo_mask::{PseudoMaskParams, PseudoMasks, pseudo_masks},
};

use super::{inside, masks};
use crate::{
    clock::now_ms,
    errors::{predict, step},
    protocol::{Inside, LiveRequest, LiveSeen, LiveStart, LiveTarget, Outline},
    text::{Message, message},
};

/// The learning rate: half of the trainer's peak. There is no warm-up here, and at the peak some fresh students draw nothing for a
/// dozen steps before they find their way back (measured with three seeds on a phantom of a polyp and one of a prostate).
const RATE: f64 = 1e-3;

/// Steps that count as a whole training for the ramp of the strategies and DARM's warm-up: with the default shares AFC and CWC are
/// at full weight after 32 steps, and DARM trusts predictions after 12.
const TRAINING: usize = 120;

/// An image to learn from.
pub struct Lesson {
    /// The features.
    pub embedding: Embedding,
    /// The model input `[3, 224, 224]`, which DARM hides squares of.
    pub input: Vec<f32>,
    /// The image at the working side of the pseudo-masks.
    pub small: RgbImage,
    /// What the learners were told last.
    told: Option<Told>,
}

/// Gaze and words on an image, and what follows from them.
struct Told {
    fixations: Vec<Fixation>,
    tokens: Vec<Vec<f32>>,
    batch: Batch,
    target: Plane,
}

impl Lesson {
    /// An image of which nothing was said yet.
    pub fn new(embedding: Embedding, input: Vec<f32>, small: RgbImage) -> Self {
        Self { embedding, input, small, told: None }
    }
}

/// One learner.
struct Runner {
    distiller: Distiller,
    /// What its strategies saw of the open image in the last step on it.
    inside: Inside,
    losses: Losses,
}

/// Losses of the last step, read from the device.
#[derive(Clone, Copy, Default)]
struct Losses {
    student: Option<f32>,
    alignment: Option<f32>,
    consistency: Option<f32>,
}

/// Learners and what they learn from; the open image is the first lesson.
pub struct Live {
    runners: Vec<Runner>,
    lessons: Vec<Lesson>,
    target: LiveTarget,
    params: PseudoMaskParams,
    seed: u64,
    step: usize,
}

impl Live {
    /// Sets the learners up. Those that start fresh start alike.
    ///
    /// # Errors
    /// In plain words: no learner, or one that starts from a student that is not there.
    pub fn new(
        predictor: &Predictor,
        request: &LiveRequest,
        params: PseudoMaskParams,
        lessons: Vec<Lesson>,
    ) -> Result<Self, Message> {
        if request.students.is_empty() || lessons.is_empty() {
            return Err(message!("live-nothing"));
        }
        let runner = |start: &LiveStart| {
            let config = DistillConfig { strategies: start.strategies, ..DistillConfig::default() };
            let mut distiller = Distiller::new(config, request.seed, predictor.device());
            if let Some(place) = start.from {
                let trained = predictor.student_at(place).map_err(|e| predict(&e))?;
                distiller.student = Trainee::new(trained.head.clone().train(), &distiller.config);
                if let (Some(adapters), true) = (&trained.adapters, start.strategies.afc) {
                    distiller.adapters = Some(Trainee::new(adapters.clone().train(), &distiller.config));
                }
            }
            distiller.guide = Some(predictor.teacher_head().clone());
            distiller.backbone = distiller.config.needs_pixels().then(|| predictor.backbone().clone());
            Ok(Runner { distiller, inside: Inside::default(), losses: Losses::default() })
        };
        let runners = request.students.iter().map(runner).collect::<Result<_, Message>>()?;
        Ok(Self { runners, lessons, target: request.target, params, seed: request.seed, step: 0 })
    }

    /// Tells the learners what there is to know of an image. Costs nothing while gaze and words stay the same.
    ///
    /// # Errors
    /// In plain words: no gaze where the target is made of it, or a device that fails.
    pub async fn tell(
        &mut self,
        predictor: &Predictor,
        lesson: usize,
        fixations: &[Fixation],
        tokens: &[Vec<f32>],
    ) -> Result<(), Message> {
        let Some(lesson) = self.lessons.get_mut(lesson) else { return Err(message!("image-not-open")) };
        if lesson.told.as_ref().is_some_and(|told| told.fixations == fixations && told.tokens == tokens) {
            return Ok(());
        }
        if fixations.is_empty() && self.target.needs_gaze() {
            return Err(message!("distil-needs-gaze"));
        }
        let scanpath = Scanpath { fixations: fixations.to_vec() };
        let masks = pseudo_masks(&lesson.small, &scanpath, &self.params);
        let masks = if self.target == LiveTarget::HeatMap { masks.unrefined(&self.params) } else { masks };
        let heat = (!fixations.is_empty()).then(|| PromptMaps::of(&scanpath));
        let target = match self.target {
            LiveTarget::BroadMask | LiveTarget::HeatMap => broad_target(&masks, STUDENT_SIDE),
            LiveTarget::Teacher => {
                let logits = predictor.teacher(&lesson.embedding, heat.as_ref(), tokens).await;
                relabelled_target(&logits.map_err(|e| predict(&e))?.sigmoid(), &masks)
            }
        };
        let shown = target.value.clone();
        let pixels = self.runners.iter().any(|r| r.distiller.config.needs_pixels());
        let batch = batch_of(predictor, lesson, (&target, &masks), heat.as_ref(), tokens, pixels);
        finite::refuse_broken(&batch).await?;
        lesson.told = Some(Told { fixations: fixations.to_vec(), tokens: tokens.to_vec(), batch, target: shown });
        Ok(())
    }

    /// Takes steps, the images by turns, every learner on the same one. Gives the time they took, in ms.
    ///
    /// # Errors
    /// In plain words: an image of which nothing was told, a device that fails, or a step that gave
    /// numbers that are not finite. All
    /// learners are then as they were before that step.
    pub async fn learn(&mut self, steps: usize) -> Result<f64, Message> {
        let start = now_ms();
        for _ in 0..steps {
            let place = self.step % self.lessons.len();
            let told = self.lessons[place].told.as_ref().ok_or_else(|| message!("live-untold"))?;
            let seed = self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(self.step as u64);
            let context = StepContext { step: self.step, total: TRAINING, rate: RATE, seed };
            let kept: Vec<_> = self.runners.iter().map(Runner::keep).collect();
            let mut taken = Ok(());
            for runner in &mut self.runners {
                taken = runner.step(&told.batch, context, place == 0).await;
                if taken.is_err() {
                    break;
                }
            }
            if let Err(why) = taken {
                self.runners.iter_mut().zip(kept).for_each(|(runner, kept)| runner.restore(kept));
                return Err(why);
            }
            self.step += 1;
        }
        Ok(now_ms() - start)
    }

    /// Steps taken so far.
    pub fn step(&self) -> usize {
        self.step
    }

    /// What the learners are told to predict on the open image, of `native` pixels, once they were told; and where they are, compared with
    /// `truth` where it is known.
    ///
    /// # Errors
    /// A device that fails.
    pub async fn seen(
        &self,
        native: (usize, usize),
        truth: Option<&Mask>,
    ) -> Result<(Option<Outline>, Vec<LiveSeen>), Message> {
        let mut students = Vec::new();
        for runner in &self.runners {
            let head = &runner.distiller.student.average;
            let logits = inside::values(head.forward(self.lessons[0].embedding.features())).await?;
            let logits = Plane::from_vec(STUDENT_SIDE, STUDENT_SIDE, logits);
            students.push(LiveSeen {
                outline: masks::from_logits(&logits, native, truth),
                loss: runner.losses.student,
                alignment: runner.losses.alignment,
                consistency: runner.losses.consistency,
                inside: runner.inside.clone(),
            });
        }
        let target = self.lessons[0].told.as_ref().map(|told| masks::from_mask(&told.target.at_least(0.5)));
        Ok((target, students))
    }
}

impl Runner {
    /// One step on a batch; `look`: whether what the strategies see of it is kept.
    async fn step(&mut self, batch: &Batch, context: StepContext, look: bool) -> Result<(), Message> {
        let report = self.distiller.step(batch, context).await.map_err(|e| step(&e))?;
        self.losses = Losses::read(report.losses).await?;
        if !self.is_finite().await? {
            return Err(message!("live-not-finite", step = context.step + 1));
        }
        if look {
            self.inside = inside::read(report.diagnostics).await?;
        }
        Ok(())
    }
}

impl Losses {
    async fn read(losses: StepLosses) -> Result<Self, Message> {
        let number = async |loss: Option<Tensor<1>>| match loss {
            Some(loss) => inside::values(loss).await.map(|values| values.first().copied()),
            None => Ok(None),
        };
        Ok(Self {
            student: number(losses.student).await?,
            alignment: number(losses.alignment).await?,
            consistency: number(losses.consistency).await?,
        })
    }
}

/// The batch of one image.
fn batch_of(
    predictor: &Predictor,
    lesson: &Lesson,
    (target, masks): (&Target, &PseudoMasks),
    heat: Option<&PromptMaps>,
    tokens: &[Vec<f32>],
    pixels: bool,
) -> Batch {
    let device = predictor.device();
    let images = || {
        let data = TensorData::new(lesson.input.clone(), [1, 3, INPUT_SIDE, INPUT_SIDE]);
        Tensor::from_data(data, device)
    };
    let told = StudentSupervision {
        target: WeightedTarget { value: stack(&[&target.value], device), weight: stack(&[&target.weight], device) },
        partner: None,
        advice: Some(TeacherInput {
            prompt: GazePrompt::new(&[heat], device),
            text: Some(PhraseTokens::new(&[tokens.to_vec()], device)),
        }),
        images: pixels.then(images),
        disputed: vec![masks.disputed()],
    };
    Batch {
        features: lesson.embedding.features().clone(),
        dropout: None,
        supervision: Supervision::Student(told.into()),
    }
}
