using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent;

/// <summary>Collects the wrong fields of a request, so that a caller learns of all of them at once.</summary>
internal sealed class FieldChecks
{
    private readonly List<FieldViolation> _violations = [];

    public FieldChecks Require(string field, bool isRight, string description)
    {
        if (!isRight)
        {
            _violations.Add(new FieldViolation(field, description));
        }

        return this;
    }

    /// <exception cref="IamException">INVALID_ARGUMENT with every wrong field.</exception>
    public void ThrowIfAny()
    {
        if (_violations.Count > 0)
        {
            throw new IamException(ErrorReason.InvalidArgument, "The request has wrong fields.") { Violations = _violations };
        }
    }

    /// <summary>Whether a browser can be sent there.</summary>
    public static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.Fragment.Length == 0;

    public static IamException Wrong(string field, string description) =>
        new(ErrorReason.InvalidArgument, "The request has wrong fields.") { Violations = [new FieldViolation(field, description)] };
}
