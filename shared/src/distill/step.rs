//! One step: who looks at what, what each is told, and who learns from it.
//!
//! ```text
//! batch ─► teacher's look ─► L_T ───────────────────────────────────────────────► teacher learns
//!             └─ sg ─► advice ─┬─► DARM: D, K ─► x' ─► student's look ─► L_seg ─┐
//!                              ├─► CWC ─────────────────────────────────────────┼─► student (and adapters) learn
//!                              └─► AFC ─────────────────────────────────────────┘
//! ```

use burn::{
    module::Module,
    optim::GradientsParams,
    tensor::{Int, Tensor, activation::sigmoid},
};
use rand::SeedableRng;
use rand_pcg::Pcg32;

use super::{
    Batch, Distiller, Reliable, StepContext, StepError, StepReport, StudentSupervision, Supervision,
    TeacherSupervision, Trainee, WeightedTarget, consistency, follow, grounding, hide_features, hide_pixels,
    masking::hide_target,
    mixing, ramp, reliable,
    strategies::{ConsistencyVariant, MaskingInput},
    terms::{Hiding, aligned, head_loss},
};
use crate::{
    image::INPUT_SIDE,
    model::{Backbone, Pyramid, StudentHead, StudentOutput, TeacherOutput},
    plane::Mask,
};

/// What a teacher tells a student, as constants without autodiff.
pub(super) struct Advice {
    /// Probabilities `[batch, 1, 56, 56]`.
    pub(super) probability: Tensor<4>,
    /// Text-fused features at strides 8, 16 and 32.
    pub(super) levels: [Tensor<4>; 3],
}

impl Advice {
    pub(super) fn new(look: &TeacherOutput, inner: impl Fn(&Tensor<4>) -> Tensor<4>) -> Self {
        Self { probability: sigmoid(inner(&look.logits)), levels: std::array::from_fn(|l| inner(&look.levels[l])) }
    }
}

impl Distiller {
    /// One optimiser step of whom the batch supervises. Asynchronous because DARM reads predictions
    /// back from the device.
    ///
    /// # Errors
    /// A device that fails, or a batch without what the configuration's strategies need.
    pub async fn step(&mut self, batch: &Batch, context: StepContext) -> Result<StepReport, StepError> {
        let mut report = StepReport::default();
        let mut rng = Pcg32::seed_from_u64(context.seed);
        let weight = ramp(context.step, context.total, self.config.ramp);
        let mut teacher = batch.supervision.teacher().map(|told| self.teach(batch, told));
        if let Some(told) = batch.supervision.student() {
            let advice = match &teacher {
                _ if !self.config.strategies.any() => None,
                Some((look, _)) => Some(Advice::new(look, |t| t.clone().inner())),
                None => Some(self.advise(batch, told)?),
            };
            let masked = match &advice {
                Some(advice) if self.config.strategies.darm => {
                    self.mask((batch, told), advice, context, &mut rng, &mut report).await?
                }
                _ => None,
            };
            let WeightedTarget { value: target, weight: counted } = told.target.clone();
            let (features, target, counted) = match &masked {
                None => (self.learn_from(&batch.features, batch), target, counted),
                Some(hidden) => {
                    let (target, counted) =
                        hide_target((target, counted), &report.diagnostics.masked, self.config.masking.target);
                    (self.learn_from(hidden, batch), target, counted)
                }
            };
            let look = self.student.head().output(&features);
            let own = look.logits.clone().inner();
            let segmentation = head_loss(look.logits.clone(), target, counted.clone(), self.config.student_dice);
            let mut total = segmentation.clone();
            report.losses.student = Some(segmentation.inner());
            if let Some(partner) = &self.partner {
                total = total + self.together(&look, partner.head(), &features, told, &mut report)?;
            }
            if let Some(advice) = advice {
                if self.config.strategies.cwc {
                    let loss = self.follow(look.logits, &own, &advice, counted, told, &mut rng, &mut report)?;
                    total = total + loss.clone().mul_scalar(weight * self.config.consistency.weight);
                    report.losses.consistency = Some(loss.inner());
                }
                if let (true, Some(adapters)) = (self.config.strategies.afc, &self.adapters) {
                    let advised: Vec<Tensor<4>> = advice.levels.iter().cloned().map(Tensor::from_inner).collect();
                    let own = adapters.head().forward(look.levels);
                    total = total + aligned(&own, &advised, weight * self.config.afc_weight, &mut report);
                }
                report.diagnostics.teacher = Some(advice.probability);
            }
            if let (true, true, Supervision::Both(taught, _), Some((look, loss))) =
                (self.config.mutual, self.config.strategies.cwc, &batch.supervision, &mut teacher)
            {
                let back = self.answer(look, &own, taught, told, &mut rng)?;
                *loss = loss.clone() + back.mul_scalar(weight * self.config.consistency.weight);
            }
            let mut gradients = total.backward();
            let ema = self.config.ema;
            if let Some(partner) = &mut self.partner {
                let own = GradientsParams::from_module(&mut gradients, partner.head());
                partner.learn(own, context.rate, ema);
            }
            if let Some(adapters) = &mut self.adapters {
                let own = GradientsParams::from_module(&mut gradients, adapters.head());
                adapters.learn(own, context.rate, ema);
            }
            if let Some(backbone) = &mut self.adapted {
                let own = GradientsParams::from_module(&mut gradients, backbone.head());
                backbone.learn(own, context.rate * self.config.backbone_rate, ema);
            }
            let own = GradientsParams::from_module(&mut gradients, self.student.head());
            self.student.learn(own, context.rate, ema);
        }
        if let Some((_, loss)) = teacher {
            let gradients = GradientsParams::from_grads(loss.backward(), self.teacher.head());
            self.teacher.learn(gradients, context.rate, self.config.ema);
            report.losses.teacher = Some(loss.inner());
        }
        Ok(report)
    }

    /// The learning teacher's look and its loss.
    fn teach(&self, batch: &Batch, told: &TeacherSupervision) -> (TeacherOutput, Tensor<1>) {
        let TeacherSupervision { input, target: WeightedTarget { value: target, weight } } = told.clone();
        let text = input.tokens().tracked();
        let look =
            self.teacher.head().output(&dropped(tracked(&batch.features), batch), &input.prompt.tracked(), &text);
        let mut loss = head_loss(look.logits.clone(), target.clone(), weight, self.config.teacher_dice);
        if self.config.grounding > 0.0 && input.text.is_some() {
            let target = Tensor::from_inner(target);
            loss = loss + grounding(&look.attention, target, &text).mul_scalar(self.config.grounding);
        }
        (look, loss)
    }

    /// Features as the learning student sees them: through the adapting backbone where there is one, with dropout.
    fn learn_from(&self, features: &Pyramid, batch: &Batch) -> Pyramid {
        dropped(adapted(tracked(features), self.adapted.as_ref().map(Trainee::head)), batch)
    }

    /// What a pair adds to its first student's loss: the partner's own, and how far the two are from agreeing.
    fn together(
        &self,
        look: &StudentOutput,
        partner: &StudentHead,
        features: &Pyramid,
        told: &StudentSupervision,
        report: &mut StepReport,
    ) -> Result<Tensor<1>, StepError> {
        let target = told.partner.clone().ok_or(StepError::Lacks("the target of a pair's second student"))?;
        let other = partner.output(features);
        let segmentation = head_loss(other.logits.clone(), target.value, target.weight, self.config.student_dice);
        let form = &self.config.two_level;
        let consistency = form.consistency([self.student.head(), partner], [look.clone(), other]);
        report.losses.consistency = Some(consistency.clone().inner());
        Ok(segmentation + consistency.mul_scalar(form.weight))
    }

    /// The finished teacher's look, where it does not learn itself.
    fn advise(&self, batch: &Batch, told: &StudentSupervision) -> Result<Advice, StepError> {
        let guide = self.guide.as_ref().ok_or(StepError::Lacks("the teacher that directs the student"))?;
        let input = told.advice.as_ref().ok_or(StepError::Lacks("what the directing teacher is asked with"))?;
        Ok(Advice::new(&guide.output(&batch.features, &input.prompt, &input.tokens()), Clone::clone))
    }

    /// DARM: the features of the images with K hidden, or `None` where there is nothing to hide.
    async fn mask(
        &self,
        (batch, told): (&Batch, &StudentSupervision),
        advice: &Advice,
        context: StepContext,
        rng: &mut Pcg32,
        report: &mut StepReport,
    ) -> Result<Option<Pyramid>, StepError> {
        let form = &self.config.masking;
        let images = batch.features.levels[0].dims()[0];
        let hiding = Hiding { form, context, images, side: INPUT_SIDE, disputed: &told.disputed };
        let predictions = || {
            let backbone = self.adapted.as_ref().map(|a| a.head().valid());
            let own = sigmoid(self.student.head().valid().forward(&adapted(batch.features.clone(), backbone.as_ref())));
            [advice.probability.clone(), own]
        };
        if !hiding.draw(predictions, rng, report).await? {
            return Ok(None);
        }
        Ok(Some(match form.input {
            MaskingInput::Features => hide_features(&batch.features, &report.diagnostics.masked, form.target),
            MaskingInput::Pixels => self.see_hidden(&batch.features, images_of(told)?, &report.diagnostics.masked)?,
        }))
    }

    /// The features of the images with K hidden. Only images that have a K go through the backbone:
    /// the others' features are known.
    pub(super) fn see_hidden(
        &self,
        features: &Pyramid,
        images: Tensor<4>,
        masked: &[Mask],
    ) -> Result<Pyramid, StepError> {
        let device = features.levels[0].device();
        let changed: Vec<usize> = (0..masked.len()).filter(|i| !masked[*i].is_empty()).collect();
        let pick = |indices: &[usize]| {
            let indices: Vec<i32> = indices.iter().map(|i| *i as i32).collect();
            Tensor::<1, Int>::from_data(indices.as_slice(), &device)
        };
        let masks: Vec<Mask> = changed.iter().map(|i| masked[*i].clone()).collect();
        let seen = self.see(hide_pixels(images.select(0, pick(&changed)), &masks, self.config.masking.target))?;
        // Every image's place among those seen again, and behind them all as they were.
        let indices = (0..masked.len()).map(|i| changed.binary_search(&i).unwrap_or(changed.len() + i));
        let indices = pick(&indices.collect::<Vec<_>>());
        let levels = seen.levels.into_iter().zip(features.levels.clone());
        let levels: Vec<Tensor<4>> =
            levels.map(|(new, old)| Tensor::cat(vec![new, old], 0).select(0, indices.clone())).collect();
        Ok(Pyramid { levels: levels.try_into().expect("four levels stay four") })
    }

    /// CWC for the student.
    #[expect(clippy::too_many_arguments, reason = "each is one thing that the term is made of")]
    fn follow(
        &self,
        logits: Tensor<4>,
        own: &Tensor<4>,
        advice: &Advice,
        counted: Tensor<4>,
        told: &StudentSupervision,
        rng: &mut Pcg32,
        report: &mut StepReport,
    ) -> Result<Tensor<1>, StepError> {
        let form = &self.config.consistency;
        let followed = reliable(&advice.probability, &sigmoid(own.clone()), form);
        let loss = if form.variant == ConsistencyVariant::Released {
            let (features, cuts) = self.perturbed(told, rng)?;
            let logits =
                self.student.head().forward(&adapted(tracked(&features), self.adapted.as_ref().map(Trainee::head)));
            consistency::released(logits, &cuts.mix(advice.probability.clone()), form.level)
        } else {
            // The student's target weight says which pixels count, masked ones among them.
            follow(logits, &followed, Tensor::from_inner(counted))
        };
        report.diagnostics.reliable = Some(followed);
        Ok(loss)
    }

    /// CWC for the teacher, which follows the student where that is sure (`mutual`, the released code).
    fn answer(
        &self,
        look: &TeacherOutput,
        student: &Tensor<4>,
        taught: &TeacherSupervision,
        told: &StudentSupervision,
        rng: &mut Pcg32,
    ) -> Result<Tensor<1>, StepError> {
        let form = &self.config.consistency;
        let target = sigmoid(student.clone());
        if form.variant == ConsistencyVariant::Released {
            let (features, cuts) = self.perturbed(told, rng)?;
            let (prompt, text) = (taught.input.prompt.tracked(), taught.input.tokens().tracked());
            let logits = self.teacher.head().forward(&tracked(&features), &prompt, &text);
            return Ok(consistency::released(logits, &cuts.mix(target), form.level));
        }
        let own = sigmoid(look.logits.clone().inner());
        let followed: Reliable = reliable(&target, &own, form);
        let everywhere = own.ones_like();
        Ok(follow(look.logits.clone(), &followed, Tensor::from_inner(everywhere)))
    }

    /// Features of the noisy, cut and mixed images of the released CWC.
    fn perturbed(&self, told: &StudentSupervision, rng: &mut Pcg32) -> Result<(Pyramid, mixing::Cuts), StepError> {
        let noisy = mixing::noisy(images_of(told)?, rng);
        let cuts = mixing::Cuts::draw(noisy.dims()[0], rng);
        Ok((self.see(cuts.mix(noisy))?, cuts))
    }

    /// The backbone's features of changed images.
    fn see(&self, images: Tensor<4>) -> Result<Pyramid, StepError> {
        let backbone = self.backbone.as_ref().ok_or(StepError::Lacks("the backbone, which sees changed pixels"))?;
        Ok(backbone.forward(images))
    }
}

fn images_of(told: &StudentSupervision) -> Result<Tensor<4>, StepError> {
    told.images.clone().ok_or(StepError::Lacks("the images, whose pixels a strategy changes"))
}

/// The features with the batch's channel dropout.
fn dropped(features: Pyramid, batch: &Batch) -> Pyramid {
    let Some(dropout) = &batch.dropout else { return features };
    let levels = features.levels.into_iter().zip(dropout);
    let levels: Vec<Tensor<4>> = levels.map(|(level, kept)| level * Tensor::from_inner(kept.clone())).collect();
    Pyramid { levels: levels.try_into().expect("four levels stay four") }
}

/// The features with the upper two levels from another backbone.
pub fn adapted(features: Pyramid, backbone: Option<&Backbone>) -> Pyramid {
    let Some(backbone) = backbone else { return features };
    let [level4, level8, ..] = features.levels;
    let [level16, level32] = backbone.upper(level8.clone());
    Pyramid { levels: [level4, level8, level16, level32] }
}

/// The same features as constants of the autodiff graph: the backbone is frozen.
fn tracked(features: &Pyramid) -> Pyramid {
    Pyramid { levels: features.levels.clone().map(Tensor::from_inner) }
}
