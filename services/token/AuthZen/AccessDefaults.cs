namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>What a batch says for all its evaluations (section 7.1.1): an entity of theirs replaces it as a whole. Read once, however many they are.</summary>
internal sealed record AccessDefaults(AccessSubject? Subject, AccessAction? Action, AccessResource? Resource, CheckContext Context)
{
    public static readonly AccessDefaults None = new(null, null, null, default);

    /// <summary>All of it must be right, whether or not it is needed.</summary>
    /// <exception cref="Common.Errors.IamException">INVALID_REQUEST or INVALID_ARGUMENT.</exception>
    public static AccessDefaults Read(in RequestEntities entities) => new(
        entities.Subject is { } subject ? AccessSubject.Read(subject) : null,
        entities.Action is { } action ? AccessAction.Read(action) : null,
        entities.Resource is { } resource ? AccessResource.Read(resource) : null,
        AccessRequest.ContextOf(entities.Context));
}
