using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Consent.Tests.Pipeline;

/// <summary>A realm's pipeline, a client, a user and a request, and what comes of it.</summary>
internal sealed record PipelineCase
{
    public required string Description { get; init; }

    public ScopePipeline Pipeline { get; init; } = new();

    public CaseClient Client { get; init; } = new();

    /// <summary>What the server has to say about scopes: by scope and language.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Texts { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    public string DefaultLanguage { get; init; } = "en";

    public string User { get; init; } = "carol";

    /// <summary>What the user decided before; null: nothing.</summary>
    public CaseRecord? Recorded { get; init; }

    public required CaseRequest Request { get; init; }

    /// <summary>Null: all that is asked is granted.</summary>
    public CaseAnswer? Answer { get; init; }

    public required CaseExpectation Expect { get; init; }
}

internal sealed record CaseClient
{
    public ClientType ClientType { get; init; } = ClientType.Web;

    public ValueList<string> Scopes { get; init; } = ["invoices.approve", "invoices.create", "invoices.read", "payments.refund"];

    public bool DynamicallyRegistered { get; init; }

    public ConsentPolicy ConsentPolicy { get; init; } = ConsentPolicy.Required;

    public ValueList<string> RequiredScopes { get; init; } = [];
}

internal sealed record CaseRecord
{
    public ValueList<string> Granted { get; init; } = [];

    public ValueList<string> Denied { get; init; } = [];

    public string OrganizationId { get; init; } = "";

    /// <summary>What was asked for then; null: the granted and the denied.</summary>
    public ValueList<string>? Scopes { get; init; }
}

internal sealed record CaseRequest
{
    public string GrantType { get; init; } = "authorization_code";

    public ValueList<string> Scopes { get; init; } = [];

    public string OrganizationId { get; init; } = "";

    public string Acr { get; init; } = "";

    public ValueList<string> Amr { get; init; } = [];

    public string SourceAddress { get; init; } = "";

    public ValueList<string> LoginRoleIds { get; init; } = [];

    public ValueList<string> UiLocales { get; init; } = [];

    public bool PromptConsent { get; init; }

    public bool PromptNone { get; init; }
}

internal sealed record CaseAnswer
{
    public bool Accepted { get; init; } = true;

    public ValueList<string> Granted { get; init; } = [];
}

internal sealed record CaseExpectation
{
    /// <summary>What the dialog asks about; empty: there is none; null: whatever.</summary>
    public ValueList<string>? Asked { get; init; }

    /// <summary>The text that the server has for each scope that is asked about; empty: the client's own, else the technical name. Null: whatever.</summary>
    public IReadOnlyDictionary<string, string>? Shown { get; init; }

    /// <summary>What the client gets; null: an error.</summary>
    public ValueList<string>? Granted { get; init; }

    /// <summary>Scopes that ExplainScopes says were dropped, and the step that did it.</summary>
    public IReadOnlyDictionary<string, string> Dropped { get; init; } = new Dictionary<string, string>();

    /// <summary>Null: none.</summary>
    public string? Error { get; init; }
}
