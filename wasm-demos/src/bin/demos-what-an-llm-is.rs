fn main() {
    study_demos::serve(study_demos::modules::what_an_llm_is);
}
