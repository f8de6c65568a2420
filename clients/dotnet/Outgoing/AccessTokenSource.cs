namespace Pltfrms.Iam.Client;

/// <summary>Gives the token of an outgoing call; from memory where it can.</summary>
public delegate ValueTask<AccessToken> AccessTokenSource(CancellationToken cancellationToken);
