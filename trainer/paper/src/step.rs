//! The step of the preset `paper`: both networks of the released code in one step, with one
//! backward pass, by the strategies that the lite heads have too.
//!
//! ```text
//! images, text ─► teacher ─► L_T ────────────────────────────────────────────────┐
//!                   └─ sg ─► advice ─┬─► DARM: D, K ─► x' ─► student ─► L_seg ───┤
//!                                    ├─► CWC ────────────────────────────────────┼─► L ─► one backward, both learn
//!                                    └─► AFC ────────────────────────────────────┘
//! ```
//!
//! The cross-entropies read channel 1, CWC the softmax of both channels, DARM the prediction
//! `sigmoid(logit[1])` (method, section 1). So channel 0 of a teacher that hears nobody (`mutual`
//! off) gets no gradient and stays a small offset.

use burn::{
    optim::{GradientsParams, ModuleOptimizer, SgdConfig, decay::WeightDecayConfig, momentum::MomentumConfig},
    tensor::{Device, Tensor, activation::sigmoid},
};
use rand::SeedableRng;
use rand_pcg::Pcg32;

use fovea_shared::{
    distill::{
        ConsistencyVariant, DistillConfig, Hiding, NamedSum, Optimised, StepContext, StepError, StepReport, aligned,
        consistency, follow, head_loss, hide_pixels, hide_target, mixing, ramp, reliable, weight_sum,
    },
    model::renamed,
    plane::Mask,
};

use crate::{PaperConfig, PaperStudent, PaperTeacher, STAGES, TextTokens, lesion_logits, softmax_logits};

/// Nesterov momentum of the released optimiser.
const MOMENTUM: f64 = 0.9;

/// One batch. All tensors are without autodiff; `side` is [`PaperConfig::side`].
#[derive(Clone, Debug)]
pub struct PaperBatch {
    /// The images `[batch, 3, side, side]`, normalised.
    pub images: Tensor<4>,
    /// The teacher's text.
    pub text: TextTokens,
    /// The teacher's target and weight, `[batch, 1, side, side]`.
    pub teacher: (Tensor<4>, Tensor<4>),
    /// The student's target and weight, `[batch, 1, side, side]`.
    pub student: (Tensor<4>, Tensor<4>),
    /// Where high-confidence and broad pseudo-mask differ, an image each, of any square size. Needed by DARM.
    pub disputed: Vec<Mask>,
}

impl PaperBatch {
    /// A sum of everything that a step reads, a kind of input each: finite where all its values are.
    pub fn sums(&self) -> Vec<NamedSum> {
        let target = |(target, weight): &(Tensor<4>, Tensor<4>)| target.clone().sum() + weight.clone().sum();
        vec![
            ("images", self.images.clone().sum()),
            ("text", self.text.values.clone().sum()),
            ("teacher's target", target(&self.teacher)),
            ("student's target", target(&self.student)),
        ]
    }
}

/// Stochastic gradient descent as the released code has it.
fn released_optimiser(weight_decay: f32) -> ModuleOptimizer {
    // PyTorch's momentum, unlike burn's default, is not dampened.
    let momentum = MomentumConfig::new().with_momentum(MOMENTUM).with_dampening(0.0).with_nesterov(true);
    let decay = WeightDecayConfig::new(weight_decay);
    SgdConfig::new().with_weight_decay(Some(decay)).with_momentum(Some(momentum)).init()
}

/// Teacher and student of the preset `paper` in training. There is no average of their weights: the
/// released code has none.
pub struct PaperDistiller {
    /// The settings of every step. What concerns averages, gaze prompts and the backbone is not read.
    pub config: DistillConfig,
    /// The teacher.
    pub teacher: Optimised<PaperTeacher>,
    /// The student, with its adapters.
    pub student: Optimised<PaperStudent>,
}

/// What a teacher tells a student, as constants without autodiff.
struct Advice {
    /// Its prediction `sigmoid(logit[1])`, `[batch, 1, side, side]`.
    prediction: Tensor<4>,
    /// The lesion's share of its softmax, of that shape.
    softmax: Tensor<4>,
    /// Its text-fused features.
    features: [Tensor<4>; STAGES],
}

impl PaperDistiller {
    /// Fresh networks drawn from `seed` on `device` (without autodiff; it is added here).
    pub fn new(config: DistillConfig, networks: &PaperConfig, seed: u64, device: &Device) -> Self {
        let device = device.clone().autodiff();
        // Streams of their own, so that a change to one network does not redraw the other.
        let teacher = PaperTeacher::new(networks, seed.wrapping_mul(2), &device);
        let student = PaperStudent::new(networks, seed.wrapping_mul(2).wrapping_add(1), &device);
        let optimiser = || released_optimiser(config.weight_decay);
        let (teacher, student) = (Optimised::new(teacher, optimiser()), Optimised::new(student, optimiser()));
        Self { config, teacher, student }
    }

    /// A sum of the weights of either network: finite where the weights are.
    pub fn weight_sums(&self) -> Vec<NamedSum> {
        let sums = [("teacher", weight_sum(&self.teacher.module)), ("student", weight_sum(&self.student.module))];
        sums.into_iter().filter_map(|(name, sum)| Some((name, sum?))).collect()
    }

    /// One optimiser step of both. Asynchronous because DARM reads predictions back from the device.
    ///
    /// # Errors
    /// A device that fails.
    ///
    /// # Panics
    /// When the batch lacks what a strategy needs, or is not of the networks' size: a programming
    /// error, not one of data.
    pub async fn step(&mut self, batch: &PaperBatch, context: StepContext) -> Result<StepReport, StepError> {
        let mut report = StepReport::default();
        let mut rng = Pcg32::seed_from_u64(context.seed);
        let strategies = self.config.strategies;
        let weight = ramp(context.step, context.total, self.config.ramp);

        let text = batch.text.tracked();
        let guide = self.teacher.module.forward(tracked(&batch.images), &text);
        let (taught, guide_softmax) = channels(guide.logits);
        let advice = Advice {
            prediction: sigmoid(taught.clone().inner()),
            softmax: sigmoid(guide_softmax.clone().inner()),
            features: guide.features.map(Tensor::inner),
        };
        let (target, counted) = batch.teacher.clone();
        let loss = head_loss(taught, target, counted, self.config.teacher_dice);
        report.losses.teacher = Some(loss.clone().inner());
        let mut total = loss;

        let masked =
            if strategies.darm { self.mask(batch, &advice, context, &mut rng, &mut report).await? } else { None };
        let (images, (target, counted)) = match masked {
            None => (batch.images.clone(), batch.student.clone()),
            Some(images) => {
                (images, hide_target(batch.student.clone(), &report.diagnostics.masked, self.config.masking.target))
            }
        };
        let look = self.student.module.forward(tracked(&images));
        let (learnt, softmax) = channels(look.logits);
        let own = sigmoid(softmax.clone().inner());
        let loss = head_loss(learnt, target, counted.clone(), self.config.student_dice);
        report.losses.student = Some(loss.clone().inner());
        total = total + loss;

        if strategies.cwc {
            let form = &self.config.consistency;
            let followed = reliable(&advice.softmax, &own, form);
            let (loss, back) = if form.variant == ConsistencyVariant::Released {
                // Both see the same noise and the same cuts; the words stay those of the image that is cut into.
                let noisy = mixing::noisy(batch.images.clone(), &mut rng);
                let cuts = mixing::Cuts::draw(noisy.dims()[0], &mut rng);
                let mixed = tracked(&cuts.mix(noisy));
                let crc = |logits: Tensor<4>, target: &Tensor<4>| {
                    consistency::released(softmax_logits(logits), &cuts.mix(target.clone()), form.level)
                };
                let loss = crc(self.student.module.logits(mixed.clone()), &advice.softmax);
                let back = self.config.mutual.then(|| crc(self.teacher.module.forward(mixed, &text).logits, &own));
                (loss, back)
            } else {
                // The student's target weight says which pixels count, masked ones among them.
                let loss = follow(softmax, &followed, tracked(&counted));
                let answer = || {
                    let everywhere = tracked(&own.ones_like());
                    follow(guide_softmax, &reliable(&own, &advice.softmax, form), everywhere)
                };
                (loss, self.config.mutual.then(answer))
            };
            report.losses.consistency = Some(loss.clone().inner());
            report.diagnostics.reliable = Some(followed);
            total = total + loss.mul_scalar(weight * form.weight);
            if let Some(back) = back {
                total = total + back.mul_scalar(weight * form.weight);
            }
        }
        if strategies.afc {
            let advised: Vec<Tensor<4>> = advice.features.iter().map(tracked).collect();
            total = total + aligned(&look.features, &advised, weight * self.config.afc_weight, &mut report);
        }
        if strategies.any() {
            report.diagnostics.teacher = Some(advice.prediction);
        }

        let mut gradients = total.backward();
        let own = GradientsParams::from_module(&mut gradients, &self.teacher.module);
        self.teacher.learn(own, context.rate);
        let own = GradientsParams::from_module(&mut gradients, &self.student.module);
        self.student.learn(own, context.rate);
        Ok(report)
    }

    /// DARM: the images with K hidden, or `None` where there is nothing to hide.
    async fn mask(
        &self,
        batch: &PaperBatch,
        advice: &Advice,
        context: StepContext,
        rng: &mut Pcg32,
        report: &mut StepReport,
    ) -> Result<Option<Tensor<4>>, StepError> {
        let form = &self.config.masking;
        let [images, _, _, side] = batch.images.dims();
        let hiding = Hiding { form, context, images, side, disputed: &batch.disputed };
        let predictions = || {
            let own = sigmoid(lesion_logits(self.student.current().logits(batch.images.clone())));
            [advice.prediction.clone(), own]
        };
        let hides = hiding.draw(predictions, rng, report).await?;
        Ok(hides.then(|| hide_pixels(batch.images.clone(), &report.diagnostics.masked, form.target)))
    }
}

/// The lesion's logits and the softmax's, `[batch, 1, side, side]` each, of `[batch, 2, side, side]`.
fn channels(logits: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
    let again = renamed(logits.clone());
    (lesion_logits(logits), softmax_logits(again))
}

/// The same values as constants of the autodiff graph.
fn tracked(tensor: &Tensor<4>) -> Tensor<4> {
    Tensor::from_inner(tensor.clone())
}
