using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Documents;

namespace Pltfrms.Iam.RealmAdmin.Paging;

/// <summary>Collects what is wrong with the fields of a request, so that one answer names them all.</summary>
internal sealed class RequestFields
{
    private readonly List<FieldViolation> _violations = [];

    /// <summary>A field that must follow a rule.</summary>
    public RequestFields Require(string field, string value, TextRule rule)
    {
        if (rule.Violation(value) is { } violation)
        {
            _violations.Add(new FieldViolation(field, violation));
        }

        return this;
    }

    /// <summary>A field that must follow a rule where it is set.</summary>
    public RequestFields Allow(string field, string value, TextRule rule) => value.Length == 0 ? this : Require(field, value, rule);

    public RequestFields Page(int pageSize) => Require("page_size", pageSize >= 0, "must not be negative");

    public RequestFields Require(string field, bool holds, string description)
    {
        if (!holds)
        {
            _violations.Add(new FieldViolation(field, description));
        }

        return this;
    }

    /// <exception cref="IamException">INVALID_ARGUMENT with every violation.</exception>
    public void ThrowIfAny()
    {
        if (_violations.Count > 0)
        {
            throw new IamException(ErrorReason.InvalidArgument, $"{_violations[0].Field}: {_violations[0].Description}")
            {
                Violations = _violations,
            };
        }
    }
}
