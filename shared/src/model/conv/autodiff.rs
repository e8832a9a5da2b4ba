//! The backward pass of [`Convolution`].

use burn::{
    backend::{
        Autodiff, TensorMetadata,
        autodiff::{
            NodeId,
            checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
            grads::Gradients,
            ops::{Backward, Ops, OpsKind},
        },
        tensor::FloatTensor,
    },
    tensor::ops::ConvOptions,
};

use super::{Convolution, ConvolutionGradients};

/// Input and kernel as they were, by the names under which autodiff keeps them.
type Kept = (NodeId, NodeId, ConvOptions<2>);

#[derive(Debug)]
struct WithoutBias;

#[derive(Debug)]
struct WithBias;

impl<B: Convolution + ConvolutionGradients> Backward<B, 2> for WithoutBias {
    type State = Kept;

    fn backward(self, ops: Ops<Kept, 2>, gradients: &mut Gradients, checkpointer: &mut Checkpointer) {
        let gradient = gradients.consume::<B>(&ops.node);
        let [x, weight] = ops.parents.map(|parent| parent.map(|node| node.id));
        register::<B>([x, weight], ops.state, gradient, gradients, checkpointer);
    }
}

impl<B: Convolution + ConvolutionGradients> Backward<B, 3> for WithBias {
    type State = Kept;

    fn backward(self, ops: Ops<Kept, 3>, gradients: &mut Gradients, checkpointer: &mut Checkpointer) {
        let gradient = gradients.consume::<B>(&ops.node);
        let [x, weight, bias] = ops.parents.map(|parent| parent.map(|node| node.id));
        if let Some(bias) = bias {
            let sums = [0, 2, 3].into_iter().fold(gradient.clone(), B::float_sum_dim);
            let channels = sums.shape()[1];
            gradients.register::<B>(bias, B::float_reshape(sums, [channels].into()));
        }
        register::<B>([x, weight], ops.state, gradient, gradients, checkpointer);
    }
}

/// Hands the gradients of input and kernel to those who want them.
fn register<B: Convolution + ConvolutionGradients>(
    [to_x, to_weight]: [Option<NodeId>; 2],
    (x, weight, options): Kept,
    gradient: FloatTensor<B>,
    gradients: &mut Gradients,
    checkpointer: &mut Checkpointer,
) {
    let x = checkpointer.retrieve_node_output::<FloatTensor<B>>(x);
    let weight = checkpointer.retrieve_node_output::<FloatTensor<B>>(weight);
    if let Some(node) = to_x {
        let of_input = B::input_gradient(x.clone(), weight.clone(), gradient.clone(), options.clone());
        gradients.register::<B>(node, of_input);
    }
    if let Some(node) = to_weight {
        gradients.register::<B>(node, B::weight_gradient(x, weight, gradient, options));
    }
}

impl<B: Convolution + ConvolutionGradients, C: CheckpointStrategy> Convolution for Autodiff<B, C> {
    fn convolution(x: FloatTensor<Self>, weight: FloatTensor<Self>, options: ConvOptions<2>) -> FloatTensor<Self> {
        match WithoutBias.prepare::<C>([x.node(), weight.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prepared) => {
                let kept = (prepared.checkpoint(&x), prepared.checkpoint(&weight), options.clone());
                prepared.finish(kept, B::convolution(x.into_primitive(), weight.into_primitive(), options))
            }
            OpsKind::UnTracked(prepared) => {
                prepared.finish(B::convolution(x.into_primitive(), weight.into_primitive(), options))
            }
        }
    }

    fn convolution_with_bias(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        options: ConvOptions<2>,
    ) -> FloatTensor<Self> {
        let run = B::convolution_with_bias;
        match WithBias.prepare::<C>([x.node(), weight.node(), bias.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prepared) => {
                let kept = (prepared.checkpoint(&x), prepared.checkpoint(&weight), options.clone());
                prepared.finish(kept, run(x.into_primitive(), weight.into_primitive(), bias.into_primitive(), options))
            }
            OpsKind::UnTracked(prepared) => {
                prepared.finish(run(x.into_primitive(), weight.into_primitive(), bias.into_primitive(), options))
            }
        }
    }
}
