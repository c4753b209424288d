fn main() {
    study_demos::serve(study_demos::modules::what_llms_are_for);
}
