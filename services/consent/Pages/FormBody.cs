using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>A form's fields.</summary>
internal sealed class FormBody(IFormCollection form)
{
    /// <summary>A field that may be there once; empty: it is not.</summary>
    /// <exception cref="IamException">INVALID_REQUEST: it is there more than once.</exception>
    public string One(string name) => form[name] switch
    {
        [] => "",
        [var value] => value ?? "",
        _ => throw new IamException(ErrorReason.InvalidRequest, $"The field {name} is included more than once."),
    };

    public IReadOnlyList<string> Many(string name) => [.. form[name].OfType<string>()];
}
