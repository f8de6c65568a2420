namespace Pltfrms.Iam.Token.Authorization;

/// <summary>What happens next to an authorization request.</summary>
public abstract record FlowStep
{
    private FlowStep()
    {
    }

    /// <summary>The user logs in, again or more strongly than before.</summary>
    public sealed record Login : FlowStep;

    /// <summary>The user chooses one of these organizations.</summary>
    public sealed record Organization(IReadOnlyList<string> OrganizationIds) : FlowStep;

    /// <summary>The user is asked for consent at this address.</summary>
    public sealed record Consent(string Address) : FlowStep;

    /// <summary>The user goes on to own pages at this address.</summary>
    public sealed record Account(string Address) : FlowStep;

    /// <summary>The user goes back to the device.</summary>
    public sealed record Device(bool Approved) : FlowStep;

    /// <summary>The client gets its answer.</summary>
    public sealed record Answer(AuthorizationAnswer Value) : FlowStep;
}
