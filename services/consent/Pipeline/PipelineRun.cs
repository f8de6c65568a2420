using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Consent.Dialog;

namespace Pltfrms.Iam.Consent.Pipeline;

/// <summary>One run of the scope pipeline for a user: what was asked, what each step did, what came of it.</summary>
public sealed record PipelineRun
{
    public required ConsentRequest Request { get; init; }

    /// <summary>The realm revision of the last step.</summary>
    public required long Revision { get; init; }

    /// <summary>After step 3.</summary>
    public required ValueList<string> Offered { get; init; }

    /// <summary>After step 6; null: not decided yet.</summary>
    public ValueList<string>? Granted { get; init; }

    public required ValueList<ScopeStepRecord> Steps { get; init; }
}
