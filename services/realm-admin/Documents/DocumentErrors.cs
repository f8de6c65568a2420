using System.Globalization;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Collects what is wrong with a document, or with a resource of a request, so that its author sees all of it at once.</summary>
internal sealed class DocumentErrors
{
    /// <summary>The path of what concerns the whole document.</summary>
    public const string Document = "document";

    // Errors travel in HTTP/2 trailers, of which clients accept some tens of kilobytes.
    private const int MostText = 12_000;

    private readonly List<FieldViolation> _violations = [];
    private ErrorReason _firstReason;

    public IReadOnlyList<FieldViolation> Violations => _violations;

    public void Add(string path, string description, ErrorReason reason = ErrorReason.InvalidArgument)
    {
        if (_violations.Count == 0)
        {
            _firstReason = reason;
        }

        _violations.Add(new FieldViolation(path.Length == 0 ? Document : Shortened(path), description));
    }

    /// <exception cref="IamException">The reason of the first error, with all of them, where there is any.</exception>
    public void ThrowForRequestIfAny()
    {
        if (_violations.Count > 0)
        {
            throw new IamException(_firstReason, $"{_violations[0].Field}: {_violations[0].Description}") { Violations = Fitting() };
        }
    }

    /// <exception cref="IamException">INVALID_REALM_DOCUMENT where there is any error.</exception>
    public void ThrowIfAny()
    {
        if (_violations.Count == 0)
        {
            return;
        }

        var first = _violations[0];
        var count = _violations.Count == 1 ? "an error" : string.Create(CultureInfo.InvariantCulture, $"{_violations.Count} errors");
        throw new IamException(ErrorReason.InvalidRealmDocument, $"The realm document has {count}: {first.Field}: {first.Description}")
        {
            Violations = Fitting(),
        };
    }

    private List<FieldViolation> Fitting()
    {
        var text = 0;
        var fitting = _violations.TakeWhile(violation => (text += violation.Field.Length + violation.Description.Length) <= MostText).ToList();
        if (fitting.Count < _violations.Count)
        {
            var left = _violations.Count - fitting.Count;
            fitting.Add(new FieldViolation(Document, string.Create(CultureInfo.InvariantCulture, $"has {left} more errors; mend these first")));
        }

        return fitting;
    }

    private static string Shortened(string path) => path.Length <= 200 ? path : $"{path[..200]}...";
}
