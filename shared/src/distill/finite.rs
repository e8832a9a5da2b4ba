//! Whether numbers are finite, asked on the device: sums that are finite where all their values
//! are. Losses alone do not tell, because a ReLU may turn NaN into 0: on some backends the greater
//! of NaN and 0 is 0.

use burn::{
    module::{Module, ModuleVisitor, Param},
    tensor::Tensor,
};

use super::{Batch, Distiller, WeightedTarget};

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
    /// A sum of everything that a step reads, a kind of input each. One that is not finite names
    /// what holds a NaN or an infinity.
    pub fn sums(&self) -> Vec<NamedSum> {
        let (teacher, student) = (self.supervision.teacher(), self.supervision.student());
        let target = |target: Option<&WeightedTarget>| target.and_then(|t| total([t.value.clone(), t.weight.clone()]));
        let input = teacher.map(|teacher| &teacher.input).or(student.and_then(|student| student.advice.as_ref()));
        let prompt = input.and_then(|input| total(input.prompt.levels.iter().chain(&input.prompt.weights).cloned()));
        let text = input.and_then(|input| input.text.as_ref()).map(|text| text.values.clone());
        let all = [
            ("features", total(self.features.levels.clone())),
            ("images", total(student.and_then(|student| student.images.clone()))),
            ("gaze prompt", prompt),
            ("text", total(text)),
            ("teacher's target", target(teacher.map(|teacher| &teacher.target))),
            ("student's target", target(student.map(|student| &student.target))),
            ("partner's target", target(student.and_then(|student| student.partner.as_ref()))),
        ];
        all.into_iter().filter_map(|(name, sum)| Some((name, sum?))).collect()
    }
}

impl Distiller {
    /// A sum of the weights of every network that learns.
    pub fn weight_sums(&self) -> Vec<NamedSum> {
        let all = [
            ("teacher", weight_sum(self.teacher.head())),
            ("student", weight_sum(self.student.head())),
            ("student's partner", self.partner.as_ref().and_then(|partner| weight_sum(partner.head()))),
            ("adapters", self.adapters.as_ref().and_then(|adapters| weight_sum(adapters.head()))),
            ("adapted backbone", self.adapted.as_ref().and_then(|backbone| weight_sum(backbone.head()))),
        ];
        all.into_iter().filter_map(|(name, sum)| Some((name, sum?))).collect()
    }
}
