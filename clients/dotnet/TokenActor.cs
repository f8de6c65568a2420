namespace Pltfrms.Iam.Client;

/// <summary>Somebody who acts for a token's subject (RFC 8693 section 4.1).</summary>
/// <param name="Subject">The user's or client's id.</param>
/// <param name="SubjectType">Which of the two.</param>
public sealed record TokenActor(string Subject, PrincipalType SubjectType);
