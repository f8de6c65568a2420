using System.Globalization;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>What a text must look like.</summary>
/// <param name="longest">In characters.</param>
/// <param name="check">What is wrong with a text that is neither empty nor too long; null: nothing.</param>
public sealed class TextRule(int longest, Func<string, string?> check)
{
    public static TextRule Matching(int longest, Func<string, bool> holds, string otherwise) =>
        new(longest, text => holds(text) ? null : otherwise);

    /// <summary>An id or a name: what is wrong with its characters is INVALID_NAME.</summary>
    public static TextRule Naming(int longest, Func<string, bool> holds, string otherwise) => new(longest, text => holds(text) ? null : otherwise)
    {
        Reason = ErrorReason.InvalidName,
    };

    /// <summary>Why a text is refused that is neither empty nor too long.</summary>
    public ErrorReason Reason { get; init; } = ErrorReason.InvalidArgument;

    /// <summary>Why a text with a violation is refused.</summary>
    public ErrorReason ReasonOf(string text) => text.Length switch
    {
        0 => ErrorReason.InvalidArgument,
        _ when text.Length > longest => ErrorReason.TextTooLong,
        _ => Reason,
    };

    /// <summary>What is wrong, as the end of a sentence that begins with the field; null: nothing.</summary>
    public string? Violation(string text) => text.Length switch
    {
        0 => "must not be empty",
        _ when text.Length > longest => string.Create(CultureInfo.InvariantCulture, $"must be at most {longest} characters long"),
        _ => check(text),
    };
}
