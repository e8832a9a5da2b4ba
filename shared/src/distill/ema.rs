//! The exponential moving average of a head's weights, which is what is validated and exported.

use std::any::Any;

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::Tensor,
};

/// Moves `average` towards `current`: `average = decay * average + (1 - decay) * current`,
/// parameter by parameter, written so that a parameter that does not move keeps every bit.
pub(super) fn update<M: Module>(average: M, current: &M, decay: f64) -> M {
    let mut collect = Collect { tensors: Vec::new() };
    current.visit(&mut collect);
    average.map(&mut Blend { tensors: collect.tensors.into_iter(), decay })
}

struct Collect {
    tensors: Vec<Box<dyn Any>>,
}

impl ModuleVisitor for Collect {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.tensors.push(Box::new(param.val().inner()));
    }
}

struct Blend {
    tensors: std::vec::IntoIter<Box<dyn Any>>,
    decay: f64,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let current = self
            .tensors
            .next()
            .and_then(|tensor| tensor.downcast::<Tensor<D>>().ok())
            .expect("both modules are of one type, so their parameters come in one order");
        let decay = self.decay;
        param.map(|average| average.clone() + (*current - average).mul_scalar(1.0 - decay))
    }
}
