//! A line from a listener to the feature that it belongs to.

use std::rc::Rc;

use wasm_bindgen::UnwrapThrowExt;

use super::Model;

/// What is done with a feature and the model.
type Visit<'a, F> = &'a mut dyn FnMut(&mut F, &mut Model);

/// Leads a visit to its feature.
type Way<F> = Rc<dyn Fn(Visit<'_, F>)>;

/// Leads to a feature. A feature's listeners hold one; so they know their feature and the model,
/// and nothing of the other features.
pub struct Handle<F> {
    update: Way<F>,
    read: Way<F>,
}

impl<F> Clone for Handle<F> {
    fn clone(&self) -> Self {
        Self { update: self.update.clone(), read: self.read.clone() }
    }
}

impl<F> Handle<F> {
    /// A handle. `update` visits the feature, then brings the page in line; `read` only visits it.
    pub fn new(update: impl Fn(Visit<'_, F>) + 'static, read: impl Fn(Visit<'_, F>) + 'static) -> Self {
        Self { update: Rc::new(update), read: Rc::new(read) }
    }

    /// Changes feature and model; the page follows.
    pub fn update<T>(&self, change: impl FnOnce(&mut F, &mut Model) -> T) -> T {
        visit(&*self.update, change).expect_throw("the app is free")
    }

    /// Changes feature or model without a word to the page: for what it draws by itself. Nothing
    /// while the app is at work.
    pub fn visit<T>(&self, change: impl FnOnce(&mut F, &mut Model) -> T) -> Option<T> {
        visit(&*self.read, change)
    }

    /// Looks at feature and model without changing them; the page stays as it is.
    pub fn read<T>(&self, look: impl FnOnce(&F, &Model) -> T) -> T {
        self.read_if_free(look).expect_throw("the app is free")
    }

    /// The same; nothing while the app is at work, as it is when it causes an event itself.
    pub fn read_if_free<T>(&self, look: impl FnOnce(&F, &Model) -> T) -> Option<T> {
        visit(&*self.read, |feature, model| look(feature, model))
    }
}

fn visit<F, T>(run: &dyn Fn(Visit<'_, F>), visit: impl FnOnce(&mut F, &mut Model) -> T) -> Option<T> {
    let (mut visit, mut result) = (Some(visit), None);
    run(&mut |feature, model| result = visit.take().map(|visit| visit(feature, model)));
    result
}
