import AtlasCore
import MCP

extension ToolFailure {
    /// What a model is told of an error of the business; `nil` for one that nobody expected.
    init?(_ error: any Error) {
        guard let error = error as? AtlasError else { return nil }
        self.init(code: error.code.rawValue, error.message, retryable: error.retryable, parameter: error.parameter)
    }
}
