fn main() {
    study_demos::serve(study_demos::modules::review);
}
