namespace Pltfrms.Iam.Common.Errors;

/// <summary>One wrong field of a request or document.</summary>
/// <param name="Field">Its path, <c>clients[2].redirect_uris[0]</c>.</param>
/// <param name="Description">What is wrong and what would be right.</param>
public sealed record FieldViolation(string Field, string Description);
