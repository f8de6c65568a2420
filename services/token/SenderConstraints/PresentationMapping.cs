using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Dpop;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.SenderConstraints;

/// <summary>SenderPresentation to the record.</summary>
internal static class PresentationMapping
{
    public static TokenPresentation? ToRecord(this Wire.SenderPresentation? presentation) => presentation is null ? null : new()
    {
        DpopProof = NullIfEmpty(presentation.DpopProof),
        HttpMethod = presentation.HttpMethod,
        HttpUri = presentation.HttpUri,
        CertificateThumbprint = NullIfEmpty(presentation.ClientCertificateThumbprint),
        IsVerified = presentation.SenderConstraintVerified,
    };

    /// <summary>The fields that are wrong, and what is.</summary>
    public static IEnumerable<(string Field, string Description)> Violations(Wire.SenderPresentation? presentation)
    {
        if (presentation is not { DpopProof.Length: > 0 })
        {
            yield break;
        }

        if (presentation.HttpMethod.Length == 0)
        {
            yield return ("presentation.http_method", "is required with a proof");
        }

        if (HttpTargetUri.Normalize(presentation.HttpUri) is null)
        {
            yield return ("presentation.http_uri", "must be an absolute address of http or https, with a proof");
        }
    }

    /// <exception cref="IamException">INVALID_ARGUMENT.</exception>
    public static void RequireValid(Wire.SenderPresentation? presentation)
    {
        if (presentation is null)
        {
            return;
        }

        var violations = Violations(presentation).Select(violation => new FieldViolation(violation.Field, violation.Description)).ToList();
        if (violations.Count > 0)
        {
            throw new IamException(ErrorReason.InvalidArgument, "The request has invalid fields.") { Violations = violations };
        }
    }

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
