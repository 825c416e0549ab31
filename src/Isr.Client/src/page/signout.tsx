import { useEffect, useState } from 'preact/hooks';
import { Resource } from '../api/client';

interface Session {
  signed_in: boolean;
}

/** For who signed in; a form, so that the browser goes where the server says next. */
export function SignOut() {
  const [signedIn, setSignedIn] = useState(false);
  useEffect(() => {
    new Resource<Session>('api/session').get().then(
      (session) => setSignedIn(session.signed_in),
      // The list says that the server does not answer.
      () => setSignedIn(false),
    );
  }, []);
  return signedIn ? (
    <form method="post" action="signout">
      <button class="switch">Sign out</button>
    </form>
  ) : null;
}
