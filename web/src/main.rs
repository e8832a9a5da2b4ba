//! The one binary that the page downloads: it starts the app in the window and the engine in a worker.

fn main() {
    fovea_web::start();
}
