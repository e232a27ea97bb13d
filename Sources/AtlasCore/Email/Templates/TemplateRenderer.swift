import JSON

/// Fills templates with values.
public protocol TemplateRenderer: Sendable {
    /// - Parameters:
    ///   - template: a Mustache template.
    ///   - escapesHTML: whether values are escaped for HTML.
    /// - Throws: ``AtlasError`` `not_configured` when the template is none.
    func render(_ template: String, with values: JSON.Object, escapesHTML: Bool) throws -> String
}
