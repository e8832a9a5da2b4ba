//! Whether numbers are finite, asked on the device: sums that are finite where all their values are. Losses alone do not tell, because a ReLU
//! may turn NaN into 0: on some backends the greater of NaN and 0 is 0.

use burn::{
    module::{Module, ModuleVisitor, Param},
    tensor::Tensor,
};

use super::{Batch, Distiller};

/// A name and a sum `[1]`, left on the device until somebody reads it.
pub type NamedSum = (&'static str, Tensor<1>);

/// The sum of a module's weights; `None` for a module without weights.
pub fn weight_sum<M: Module>(module: &M) -> Option<Tensor<1>> {
    let mut sum = Sum(None);
    module.visit(&mut sum);
    sum.0
}

/// The sum of some tensors; `None` for no tensor.
fn total<const D: usize>(tensors: impl IntoIterator<Item = Tensor<D>>) -> Option<Tensor<1>> {
    tensors.into_iter().map(Tensor::sum).reduce(|a, b| a + b)
}

struct Sum(Option<Tensor<1>>);

impl ModuleVisitor for Sum {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let own = param.val().inner().sum();
        self.0 = Some(match self.0.take() {
            Some(sum) => sum + own,
            None => own,
        });
    }
}

impl Batch {
    /// A sum of everything that a step reads, a kind of input each. One that is not finite names what holds a NaN or an infinity.
    pub fn sums(&self) -> Vec<NamedSum> {
        let target = |pair: &Option<(Tensor<4>, Tensor<4>)>| pair.clone().and_then(|(t, w)| total([t, w]));
        let prompt = self.prompt.clone().and_then(|p| total(p.levels.into_iter().chain(p.weights)));
        let all = [
            ("features", total(self.features.levels.clone())),
            ("images", total(self.images.clone())),
            ("gaze prompt", prompt),
            ("text", total(self.text.as_ref().map(|text| text.values.clone()))),
            ("teacher's target", target(&self.teacher)),
            ("student's target", target(&self.student)),
            ("partner's target", target(&self.partner)),
        ];
        all.into_iter().filter_map(|(name, sum)| Some((name, sum?))).collect()
    }
}

impl Distiller {
    /// A sum of the weights of every network that learns.
    pub fn weight_sums(&self) -> Vec<NamedSum> {
        let all = [
            ("teacher", weight_sum(&self.teacher.head)),
            ("student", weight_sum(&self.student.head)),
            ("student's partner", self.partner.as_ref().and_then(|partner| weight_sum(&partner.head))),
            ("adapters", self.adapters.as_ref().and_then(|adapters| weight_sum(&adapters.head))),
            ("adapted backbone", self.adapted.as_ref().and_then(|backbone| weight_sum(&backbone.head))),
        ];
        all.into_iter().filter_map(|(name, sum)| Some((name, sum?))).collect()
    }
}
